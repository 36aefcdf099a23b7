// Package gallery is the page of ready components: each as it looks, works and
// is written.
package gallery

import (
	"context"
	"errors"
	"strconv"

	"github.com/a-h/templ"

	"bennu/js"
	"bennu/live"
)

// Bird is a row of the table.
type Bird struct {
	ID     int
	Name   string
	Length int // in centimetres
}

// Page is the gallery.
type Page struct {
	Birds   []Bird
	Sights  live.Stream[Bird]
	Name    string // what the dialog changes
	Asked   live.Async[string]
	Failing bool
	Rename  bool // a dialog that stands in the page while it is open
	clicks  int
}

// Mount fills the tables.
func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	p.Birds = []Bird{{1, "Grey heron", 94}, {2, "Bittern", 75}, {3, "Little egret", 60}}
	p.Name = "Marsh"
	p.Sights.Init("sights", func(b Bird) string { return strconv.Itoa(b.ID) })
	p.Sights.Append(p.Birds[0])
	p.ask(s)
	return nil
}

// HandleParams opens the dialog that an address opens.
func (p *Page) HandleParams(_ *live.Socket, params live.Params) error {
	p.Rename = params.Get("dialog") == "rename"
	return nil
}

func (p *Page) ask(s *live.Socket) {
	failing := p.Failing
	live.Load(s, &p.Asked, func(context.Context) (string, error) {
		if failing {
			return "", errors.New("nobody answers")
		}
		return "Thirteen centimetres above zero", nil
	}, live.Reset())
}

// Events are the buttons of the page.
func (p *Page) Events() live.Events {
	return live.Events{
		"count":  live.Do(func(*live.Socket) error { p.clicks++; return nil }),
		"inform": live.Do(func(s *live.Socket) error { s.PutFlash(live.Info, "The heron has landed."); return nil }),
		"warn":   live.Do(func(s *live.Socket) error { s.PutFlash(live.Error, "The heron has flown."); return nil }),
		"rename": live.On(func(s *live.Socket, in struct{ Name string }) error {
			if in.Name != "" {
				p.Name = in.Name
			}
			if p.Rename {
				s.Patch("/gallery")
			}
			return nil
		}),
		"remove": live.On(func(_ *live.Socket, in struct{ ID int }) error {
			for i, b := range p.Birds {
				if b.ID == in.ID {
					p.Birds = append(p.Birds[:i:i], p.Birds[i+1:]...)
					break
				}
			}
			return nil
		}),
		"sight": live.Do(func(*live.Socket) error {
			p.clicks++
			p.Sights.Prepend(Bird{100 + p.clicks, "Crane", 110})
			return nil
		}),
		"ask":  live.Do(func(s *live.Socket) error { p.Failing = false; p.ask(s); return nil }),
		"fail": live.Do(func(s *live.Socket) error { p.Failing = true; p.ask(s); return nil }),
	}
}

// marked is what a click on a row of the table does.
func marked(b Bird) js.Commands {
	return js.ToggleClass(js.ID("birds-"+strconv.Itoa(b.ID)), "bg-base-200")
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
