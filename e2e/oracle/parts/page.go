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
	self := s.Self()
	w.self.Store(&self)
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
		"change": live.Do(func(*live.Socket) error { w.Change(); return nil }),
		"burst":  live.Do(func(*live.Socket) error { w.Step++; w.burst(); return nil }),
		"more":   live.Do(func(*live.Socket) error { w.Change(); w.Post(); return nil }),
	}
}

// burst sends messages from inside, which are rendered together.
func (w *World) burst() {
	for range 1 + w.IntN(4) {
		switch w.IntN(5) {
		case 0:
			w.Self().Send(changed{})
		case 1:
			if id := w.someCard(); id != "" {
				live.SendUpdate(w.Self(), id, func(t *Tag) { t.Label += "+" })
			}
		case 2:
			if id := w.someCard(); id != "" {
				w.poke(id)
				for _, inner := range w.Cards[id].Inner {
					w.poke(inner)
				}
			}
		default:
			if id := w.someCard(); id != "" {
				live.SendUpdate(w.Self(), id, func(c *Card) { c.N += 10; c.alter() })
			}
		}
	}
}

// poke changes a card from outside.
func (w *World) poke(id string) { live.SendUpdate(w.Self(), id, func(c *Card) { c.N += 100 }) }

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p.World) }

// drawn draws the page without the runtime's help. The streams that are not
// drawn then have lost their items.
func drawn(w *World) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		w.fresh, w.drawn = true, map[*Flow]bool{}
		defer func() { w.fresh = false }()
		if err := page(w).Render(ctx, out); err != nil {
			return err
		}
		for _, f := range w.Flows() {
			if !w.drawn[f] {
				f.Page = nil
			}
		}
		return nil
	}
}
