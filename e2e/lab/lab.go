// Package lab has pages on which the rules of the client's protocol are tried
// that concern what a live view can do.
package lab

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Routes enters the pages of the lab.
func Routes(app *bennu.App) {
	app.Nested("child", func() live.View { return new(Child) })
	app.LiveSession("lab", func(g *bennu.Group) {
		g.Live("/lab", func() live.View { return new(Page) }, bennu.Title("Lab"))
		g.Live("/lab/next", func() live.View { return new(Next) }, bennu.Title("Next"))
		g.Live("/lab/desk", func() live.View { return new(Desk) })
		g.Live("/lab/list", func() live.View { return new(List) })
		g.Live("/lab/house", func() live.View { return new(House) })
		g.Live("/lab/form", func() live.View { return new(Form) })
	}, bennu.WithLayout(Layout))
	app.Live("/lab/out", func() live.View { return new(Next) })
}

// Layout shows the messages of the page.
func Layout(s *live.Socket) templ.Component { return layout(s.Flash(live.Info), s.Flash(live.Error)) }

// Ask is what an event of a page wants its handler to do.
type Ask struct{ Do, To, Text string }

// ask does it.
func ask(s *live.Socket, in Ask) error {
	if in.Text != "" {
		s.PutFlash(live.Info, in.Text)
	}
	switch in.Do {
	case "error":
		s.PutFlash(live.Error, in.To)
	case "patch":
		s.Patch(in.To)
	case "replace":
		s.Patch(in.To, live.Replace)
	case "navigate":
		s.PushEvent("leaving", 1)
		s.Navigate(in.To)
	case "redirect":
		s.Redirect(in.To)
	case "external":
		s.RedirectExternal(in.To)
	case "push":
		s.PushEvent("after", 1)
		s.PushEvent("before", map[string]string{"to": in.To}, live.BeforePatch)
	case "reply":
		s.Reply(map[string]string{"to": in.To})
	case "title":
		s.SetTitle(in.To)
	case "later":
		live.Go(s, "later", func(context.Context) (string, error) { return in.To, nil }, func(s *live.Socket, to string, err error) error {
			s.Navigate(to)
			return err
		})
	}
	return nil
}

// Page does what its address and its events ask for.
type Page struct{ Tab, Seen string }

// Mount sends the page away if it is told to.
func (v *Page) Mount(s *live.Socket, p live.Params) error {
	if to := p.Get("away"); to != "" && (s.Connected() || !p.Has("live")) {
		return ask(s, Ask{Do: p.Get("by"), To: to, Text: p.Get("text")})
	}
	return nil
}

// HandleParams shows the address and the message that stands there before.
func (v *Page) HandleParams(s *live.Socket, p live.Params) error {
	v.Tab, v.Seen = p.Get("tab"), s.Flash(live.Info)
	if to := p.Get("patch"); to != "" {
		s.Patch(to)
	}
	if p.Has("loop") {
		s.Patch("/lab?loop")
	}
	return nil
}

// Events do what they are asked for.
func (v *Page) Events() live.Events { return live.Events{"ask": live.On(ask)} }

// Render draws the page.
func (v *Page) Render() templ.Component { return page(v) }

// Next is the page that comes after another one.
type Next struct{ Text string }

// Mount takes over the message.
func (v *Next) Mount(s *live.Socket, _ live.Params) error { v.Text = s.Flash(live.Info); return nil }

// Render draws the page.
func (v *Next) Render() templ.Component { return next(v) }

// Desk is a page with live components.
type Desk struct {
	IDs   []string
	Note  string // stands on the desk and on its cards
	Shown bool
}

// Mount puts two cards there.
func (v *Desk) Mount(*live.Socket, live.Params) error {
	v.IDs, v.Shown = []string{"a", "b"}, true
	return nil
}

// Events change the desk.
func (v *Desk) Events() live.Events {
	return live.Events{
		"ids":  live.On(func(_ *live.Socket, in struct{ IDs []string }) error { v.IDs = in.IDs; return nil }),
		"note": live.On(func(_ *live.Socket, in struct{ Text string }) error { v.Note = in.Text; return nil }),
		"show": live.Do(func(*live.Socket) error { v.Shown = !v.Shown; return nil }),
		"send": live.On(func(s *live.Socket, in struct {
			ID string
			N  int
		}) error {
			live.SendUpdate(s.Self(), in.ID, func(c *Card) { c.N = in.N })
			return nil
		}),
	}
}

// Render draws the desk.
func (v *Desk) Render() templ.Component { return desk(v) }

// Card is a live component with a number.
type Card struct {
	ID, Note string
	N        int
	Inner    bool // there is one inside
}

// Events count and leave.
func (c *Card) Events() live.Events {
	return live.Events{
		"add":   live.Do(func(*live.Socket) error { c.N++; return nil }),
		"open":  live.Do(func(*live.Socket) error { c.Inner = !c.Inner; return nil }),
		"ask":   live.On(ask),
		"panic": live.Do(func(*live.Socket) error { panic("card") }),
	}
}

// Render draws the card.
func (c *Card) Render() templ.Component { return card(c) }

// Line is an item of a list.
type Line struct{ ID, Text string }

// List is a page with a stream.
type List struct {
	Items live.Stream[Line]
	N     int
}

// Mount begins with as many lines as the address says.
func (v *List) Mount(_ *live.Socket, p live.Params) error {
	v.Items.Init("lines", func(l Line) string { return l.ID })
	n := 0
	if p.Has("n") {
		if _, err := fmt.Sscan(p.Get("n"), &n); err != nil {
			return err
		}
	}
	for i := range n {
		v.Items.Append(Line{fmt.Sprint(i), fmt.Sprint("line ", i)})
	}
	return nil
}

// Events change the stream.
func (v *List) Events() live.Events {
	return live.Events{
		"insert": live.On(func(_ *live.Socket, in struct {
			ID, Text  string
			At, Limit int
		}) error {
			v.Items.Insert(in.At, in.Limit, Line{in.ID, in.Text})
			return nil
		}),
		"move": live.On(func(_ *live.Socket, in struct{ ID string }) error {
			v.Items.Delete(Line{ID: in.ID})
			v.Items.Insert(0, 0, Line{in.ID, "moved"})
			return nil
		}),
		"delete": live.On(func(_ *live.Socket, in struct{ ID string }) error { v.Items.Delete(Line{ID: in.ID}); return nil }),
		"reset":  live.Do(func(*live.Socket) error { v.Items.Reset(Line{"new", "new"}); return nil }),
		"count":  live.Do(func(*live.Socket) error { v.N++; return nil }),
	}
}

// Render draws the list.
func (v *List) Render() templ.Component { return list(v) }

// House is a page with views inside.
type House struct{ N int }

// Events change the page, and take it away.
func (v *House) Events() live.Events {
	return live.Events{
		"up":  live.Do(func(*live.Socket) error { v.N++; return nil }),
		"ask": live.On(ask),
	}
}

// HandleParams lets the page be patched.
func (v *House) HandleParams(*live.Socket, live.Params) error { return nil }

// Render draws the page.
func (v *House) Render() templ.Component { return house(v) }

// children numbers the nested views of the program.
var children atomic.Int64

// Child is a view that is nested in the house.
type Child struct {
	Number int64 // of this run
	Params string
	N      int
	IDs    []string
}

// Mount numbers it.
func (v *Child) Mount(s *live.Socket, _ live.Params) error {
	v.Number, v.IDs = children.Add(1), []string{"in " + s.ID()}
	return nil
}

// HandleParams is for views with an address: a nested one has none.
func (v *Child) HandleParams(s *live.Socket, _ live.Params) error {
	v.Params = "handled params of " + s.Info().URL
	return nil
}

// Events count, crash and move.
func (v *Child) Events() live.Events {
	return live.Events{
		"up":    live.Do(func(*live.Socket) error { v.N++; return nil }),
		"crash": live.Do(func(*live.Socket) error { panic("child") }),
		"ask":   live.On(ask),
	}
}

// Render draws the view.
func (v *Child) Render() templ.Component { return child(v) }

// Form is a page with a form, whose fields the server keeps as a text.
type Form struct{ Got string }

type fields struct {
	Target []string `form:"_target"`
	Kind   string
	User   struct{ Name, Email string }
	Tags   []string
}

// Events take the form.
func (v *Form) Events() live.Events {
	return live.Events{"change": live.On(func(_ *live.Socket, in fields) error {
		v.Got = fmt.Sprintf("%q %s %s/%s %v", in.Target, in.Kind, in.User.Name, in.User.Email, in.Tags)
		return nil
	})}
}

// Render draws the form.
func (v *Form) Render() templ.Component { return userForm(v) }
