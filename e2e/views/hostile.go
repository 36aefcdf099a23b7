package views

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Hostile is a page that shows one text wherever a template can put one.
type Hostile struct {
	Text string

	count int
	flash string
}

// Mount takes the text from the address.
func (v *Hostile) Mount(s *live.Socket, params live.Params) error {
	v.show(s, params.Get("text"))
	return nil
}

// Events is one event, which changes the text.
func (v *Hostile) Events() live.Events {
	return live.Events{"set": live.On(func(s *live.Socket, in struct{ Text string }) error {
		v.count++
		v.show(s, in.Text)
		return nil
	})}
}

func (v *Hostile) show(s *live.Socket, text string) {
	v.Text = text
	s.SetTitle(text)
	s.PutFlash(live.Info, text)
	v.flash = s.Flash(live.Info)
}

// Render draws the page.
func (v *Hostile) Render() templ.Component { return hostile(v) }
