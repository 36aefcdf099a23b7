package parts

import (
	"fmt"
	"maps"
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
)

// Card is a live component with state, cards and a stream of its own.
type Card struct {
	World *World
	ID    string
	Label string
	Depth int

	N      int
	Open   bool
	Inner  []string
	Tagged bool
	Flows  bool
	Flow   *Flow
}

// card is a card in a template.
func (w *World) card(id, label string, depth int) templ.Component {
	set := func(c *Card) {
		c.World, c.ID, c.Label, c.Depth = w, id, label, depth
		c.begin()
	}
	if !w.fresh {
		return live.Component(id, set)
	}
	c := *w.Cards[id]
	set(&c)
	return c.Render()
}

// begin sets up what the card needs to know its name for.
func (c *Card) begin() {
	if c.Flow == nil {
		c.Flow = newFlow(c.World, "flow-"+c.ID, false)
		c.Flows = c.World.one(3)
		c.World.Cards[c.ID] = c
	}
}

// Events are those of a card.
func (c *Card) Events() live.Events {
	return live.Events{
		"poke": live.Do(func(*live.Socket) error { c.N++; c.alter(); return nil }),
		"tell": live.Do(func(*live.Socket) error { c.N++; c.World.Text = fmt.Sprint("told by ", c.ID, c.N); return nil }),
		"far":  live.Do(func(*live.Socket) error { c.N++; c.World.burst(); return nil }),
	}
}

// alter changes the card.
func (c *Card) alter() {
	w := c.World
	switch w.IntN(10) {
	case 0:
		c.Open = !c.Open
	case 1, 2:
		if c.Depth < 2 && len(c.Inner) < 4 {
			c.Inner = slices.Insert(c.Inner, w.IntN(len(c.Inner)+1), c.free())
		}
	case 3:
		if n := len(c.Inner); n > 0 {
			i := w.IntN(n)
			c.Inner = slices.Delete(c.Inner, i, i+1)
		}
	case 4:
		w.Shuffle(len(c.Inner), func(i, j int) { c.Inner[i], c.Inner[j] = c.Inner[j], c.Inner[i] })
	case 5:
		c.Tagged = !c.Tagged
	case 6:
		c.Flows = !w.one(3)
	default:
		c.Flow.change()
	}
}

// memoKey is all that the memo around its cards shows.
func (c *Card) memoKey() string { return fmt.Sprintf("%q %q", c.Inner, c.Label) }

// free is the first id that none of the inner cards has.
func (c *Card) free() string {
	for i := 0; ; i++ {
		if id := fmt.Sprint(c.ID, ".", i); !slices.Contains(c.Inner, id) {
			return id
		}
	}
}

// Terminate takes it out of the world.
func (c *Card) Terminate(*live.Socket, live.Reason) {
	if c.World.Cards[c.ID] == c {
		delete(c.World.Cards, c.ID)
	}
}

// Render draws the card.
func (c *Card) Render() templ.Component { return card(c) }

func (w *World) someCard() string {
	if len(w.Cards) == 0 {
		return ""
	}
	ids := slices.Sorted(maps.Keys(w.Cards))
	return ids[w.IntN(len(ids))]
}

// Tag is a live component that is updated together with the others of the page.
type Tag struct {
	World     *World
	ID, Label string
	Shown     string
}

func (w *World) tag(id, label string) templ.Component {
	set := func(t *Tag) { t.World, t.ID, t.Label = w, id, label }
	if !w.fresh {
		return live.Component(id, set)
	}
	t := *w.Tags[id]
	return t.Render()
}

// UpdateMany says in each what it was told.
func (*Tag) UpdateMany(_ *live.Socket, all []*Tag) error {
	for _, t := range all {
		t.Shown = t.Label + "!"
		t.World.Tags[t.ID] = t
	}
	return nil
}

// Render draws the tag.
func (t *Tag) Render() templ.Component { return tag(t) }

// Frame is a live component around what its parent has in its block.
type Frame struct {
	World *World
	N     int
}

func (w *World) frame() templ.Component {
	set := func(f *Frame) { f.World = w; w.Frames[""] = f }
	if !w.fresh {
		return live.Component("frame", set)
	}
	return w.Frames[""].Render()
}

// Events are those of a frame.
func (f *Frame) Events() live.Events {
	return live.Events{"poke": live.Do(func(*live.Socket) error { f.N++; return nil })}
}

// Render draws the frame.
func (f *Frame) Render() templ.Component { return frame(f) }
