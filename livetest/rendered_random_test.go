package livetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bennu/render"
)

// A random page for package render. Each kind of template has slots of fixed
// kinds, as templates do: text, another template or nothing, a list.
type slotKind uint8

const (
	textSlot slotKind = iota
	nodeSlot
	listSlot
)

type kindOfNode struct {
	template *render.Template
	slots    []slotKind
	single   bool
}

// thing is what stands in a slot.
type thing struct {
	text string
	of   *kindOfNode // of a node, and of a list's entries; nil: nothing
	in   []thing     // of a node
	keys []uint64    // of a list
	rows [][]thing
}

type randomPage struct {
	*rand.Rand
	kinds   []*kindOfNode
	root    thing
	nextKey uint64
}

func newRandomPage(seed uint64) *randomPage {
	p := &randomPage{Rand: rand.New(rand.NewPCG(seed, 1))}
	for i := range 6 {
		k := &kindOfNode{single: i%2 == 0}
		statics := []string{fmt.Sprintf("t%d(", i)}
		if k.single {
			statics[0] = fmt.Sprintf("<b%d>", i)
		}
		for range 1 + p.IntN(3) {
			k.slots = append(k.slots, slotKind(p.IntN(3)))
			statics = append(statics, ",")
		}
		statics[len(statics)-1] = ")"
		flags := render.Flags(0)
		if k.single {
			statics[len(statics)-1] = fmt.Sprintf("</b%d>", i)
			flags = render.Root
		}
		k.template = render.New(uint64(100+i), flags, statics...)
		p.kinds = append(p.kinds, k)
	}
	p.root = p.node(0)
	return p
}

func (p *randomPage) word() string {
	return [...]string{"", "a", "<&>", "é\"'", "long text\n"}[p.IntN(5)]
}

func (p *randomPage) kind() *kindOfNode { return p.kinds[p.IntN(len(p.kinds))] }

func (p *randomPage) node(depth int) thing {
	k := p.kind()
	return thing{of: k, in: p.slots(k, depth)}
}

func (p *randomPage) slots(k *kindOfNode, depth int) []thing {
	in := make([]thing, len(k.slots))
	for i, kind := range k.slots {
		in[i] = p.thing(kind, depth+1)
	}
	return in
}

func (p *randomPage) thing(kind slotKind, depth int) thing {
	switch {
	case kind == textSlot:
		return thing{text: p.word()}
	case kind == nodeSlot && (depth > 3 || p.IntN(3) == 0):
		return thing{}
	case kind == nodeSlot:
		return p.node(depth)
	}
	l := thing{of: p.kind()}
	if depth < 3 {
		for range p.IntN(4) {
			l.insert(p, p.IntN(len(l.keys)+1), depth)
		}
	}
	return l
}

func (l *thing) insert(p *randomPage, at, depth int) {
	p.nextKey++
	l.keys = slices.Insert(l.keys, at, p.nextKey)
	l.rows = slices.Insert(l.rows, at, p.slots(l.of, depth+1))
}

// change changes some of what is in a slot of this kind.
func (p *randomPage) change(x *thing, kind slotKind, depth int) {
	if p.IntN(8) == 0 && kind != listSlot {
		*x = p.thing(kind, depth)
		return
	}
	switch {
	case kind == textSlot && p.IntN(3) == 0:
		x.text = p.word()
	case kind == nodeSlot && x.of != nil:
		for i, k := range x.of.slots {
			p.change(&x.in[i], k, depth+1)
		}
	case kind == listSlot:
		p.changeList(x, depth)
	}
}

func (p *randomPage) changeList(l *thing, depth int) {
	for _, row := range l.rows {
		for i, k := range l.of.slots {
			p.change(&row[i], k, depth+1)
		}
	}
	for range p.IntN(3) {
		switch n := len(l.keys); p.IntN(4) {
		case 0:
			l.insert(p, p.IntN(n+1), depth)
		case 1:
			if n > 0 {
				i := p.IntN(n)
				l.keys, l.rows = slices.Delete(l.keys, i, i+1), slices.Delete(l.rows, i, i+1)
			}
		case 2:
			if n > 0 {
				i, j := p.IntN(n), p.IntN(n)
				l.keys[i], l.keys[j] = l.keys[j], l.keys[i]
				l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
			}
		case 3:
			if p.IntN(6) == 0 {
				l.keys, l.rows = nil, nil
			}
		}
	}
}

// view is the page as a component.
func (p *randomPage) view() render.Func {
	return func(w *render.Writer, slot int) error {
		p.root.draw(w, slot, nodeSlot)
		return nil
	}
}

func (x *thing) draw(w *render.Writer, slot int, kind slotKind) {
	switch {
	case kind == textSlot:
		w.Str(slot, x.text)
	case kind == nodeSlot && x.of == nil:
		w.Empty(slot)
	case kind == nodeSlot:
		w.Nest(slot, x.of.template)
		drawSlots(w, x.of, x.in)
		w.End()
	case kind == listSlot:
		w.For(slot, x.of.template)
		for i, key := range x.keys {
			w.Entry(key)
			drawSlots(w, x.of, x.rows[i])
			w.EndEntry()
		}
		w.EndFor()
	}
}

func drawSlots(w *render.Writer, k *kindOfNode, in []thing) {
	for i := range in {
		in[i].draw(w, i, k.slots[i])
	}
}

// The page that the diffs of package render make is the one it renders whole.
func TestRenderedFollowsPackageRender(t *testing.T) {
	t.Parallel()
	for range 20 {
		seed := rand.Uint64()
		p := newRandomPage(seed)
		var state render.State
		var r rendered
		for step := range 150 {
			if step > 0 {
				p.change(&p.root, nodeSlot, 0)
			}
			if p.root.of == nil {
				p.root = p.node(0)
			}
			if p.IntN(50) == 0 {
				state.Reset()
				r = rendered{}
			}
			diff, err := state.AppendDiff(context.Background(), nil, p.view())
			if err != nil {
				t.Fatal(err)
			}
			want, err := render.AppendHTML(context.Background(), nil, p.view())
			if err != nil {
				t.Fatal(err)
			}
			got, err := follow(&r, "{"+string(diff)+"}")
			if err != nil || got != string(want) {
				t.Fatalf("seed %d, step %d: %v\n got %s\nwant %s\ndiff %s", seed, step, err, got, want, diff)
			}
		}
	}
}
