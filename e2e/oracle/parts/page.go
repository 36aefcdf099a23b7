package parts

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"bennu/live"
)

// Page is the live view of a world. What its components keep for themselves
// begins anew when it is mounted.
type Page struct{ *World }

// Mount begins with no component and streams of their own.
func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	w := p.World
	w.self = s.Self()
	w.Cards, w.Tags, w.Frames = map[string]*Card{}, map[string]*Tag{}, map[string]*Frame{}
	w.Feed = newFlow(w, "feed", true)
	live.OnMessage(s, func(*live.Socket, changed) error { w.change(); return nil })
	return nil
}

// changed is a message that changes the page.
type changed struct{}

// Events are those of the page.
func (p *Page) Events() live.Events {
	w := p.World
	return live.Events{
		"change":  live.Do(func(*live.Socket) error { w.Change(); return nil }),
		"nothing": live.Do(func(*live.Socket) error { return nil }),
		"burst":   live.Do(func(*live.Socket) error { w.Step++; w.burst(); return nil }),
		"more":    live.Do(func(*live.Socket) error { w.Change(); w.Post(); return nil }),
	}
}

// burst sends messages from inside, which are rendered together.
func (w *World) burst() {
	for range 1 + w.IntN(4) {
		switch w.IntN(5) {
		case 0:
			w.self.Send(changed{})
		case 1:
			if id := w.someCard(); id != "" {
				live.SendUpdate(w.self, id, func(t *Tag) { t.Label += "+" })
			}
		default:
			if id := w.someCard(); id != "" {
				live.SendUpdate(w.self, id, func(c *Card) { c.N += 10; c.alter() })
			}
		}
	}
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p.World) }

// drawn draws the page without the runtime's help.
func drawn(w *World) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		w.fresh = true
		defer func() { w.fresh = false }()
		return page(w).Render(ctx, out)
	}
}
