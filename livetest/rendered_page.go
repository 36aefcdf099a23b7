package livetest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// page is what the client has put on the screen, kept apart from the tree: the
// client leaves a single element alone when no diff reached it, and a component
// when its number is not in the message. A server that counts on more than that
// leaves something stale, which show finds.
type page struct {
	root       []piece
	components map[int][]piece
	seen       map[int]bool // the components that have ever been on it
	last       string       // the HTML as the last message left it, what it brought for streams included
}

// piece is a stretch of markup, a component, or what a message brought for a
// stream.
type piece struct {
	text string
	cid  int
	flow *flow
}

// flow is what a message brought for a stream; it is forgotten when it is shown.
type flow struct{ pieces []piece }

// show brings the page up to date after a message: as a whole, or, when it had
// nothing but components, the outermost of these.
func (r *rendered) show(whole bool, changed map[int]bool) error {
	if r.page.components == nil {
		r.page.components = map[int][]piece{}
	}
	var d drawing
	if whole {
		d = drawing{r: r, changed: changed}
		if err := d.whole(); err != nil {
			return err
		}
	} else {
		for _, cid := range r.outermost(changed) {
			one := drawing{r: r, changed: changed}
			err := one.alone(cid)
			d.lists, d.flows = append(d.lists, one.lists...), append(d.flows, one.flows...)
			if err != nil {
				return err
			}
		}
	}
	got, err := r.html(r.page.root, false)
	if err != nil {
		return err
	}
	all := rendered{root: r.root, components: r.components, page: page{components: map[int][]piece{}}}
	fresh := drawing{r: &all, everything: true}
	root, err := fresh.pieces(r.root)
	if err != nil {
		return err
	}
	want, err := all.html(root, false)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("the message does not name all that it changes, so the client would go on to show\n%s\ninstead of\n%s", got, want)
	}
	r.page.last = got
	for _, n := range d.lists {
		n.entries, n.stream = nil, nil
	}
	for _, f := range d.flows {
		f.pieces = nil
	}
	return nil
}

// drawing turns nodes into pieces.
type drawing struct {
	r          *rendered
	changed    map[int]bool // components in the message
	everything bool         // nothing is left alone, and nothing remembered
	within     []int        // components being drawn, against circles
	reached    map[int]bool // components that were drawn
	streams    []streamOps  // that were drawn, in order
	lists      []*node      // those streams
	flows      []*flow      // and what they showed
}

// whole draws the view.
func (d *drawing) whole() error {
	var err error
	if d.r.page.root, err = d.pieces(d.r.root); err != nil {
		return err
	}
	html, err := d.r.html(d.r.page.root, true)
	d.r.drawn = append(d.r.drawn, drawn{0, html, d.streams, d.reached})
	return err
}

// alone draws one component.
func (d *drawing) alone(cid int) error {
	if err := d.component(cid); err != nil {
		return err
	}
	html, err := d.r.html([]piece{{cid: cid}}, true)
	d.r.drawn = append(d.r.drawn, drawn{cid, html, d.streams, d.reached})
	return err
}

// pieces draws a node, or takes what the page shows of it.
func (d *drawing) pieces(n *node) ([]piece, error) {
	if n.single && !n.changed && n.shown != nil && !d.everything {
		return n.shown, nil
	}
	var out []piece
	if n.list {
		for _, e := range n.entries {
			inner, err := d.pieces(e)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
		}
		if n.flows {
			out = d.flowing(n, out)
		}
	} else {
		for i, s := range n.statics {
			out = append(out, piece{text: s})
			if i == len(n.slots) {
				break
			}
			inner, err := d.slot(n.slots[i])
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
		}
	}
	if d.everything {
		return out, nil
	}
	n.changed = false
	if n.single {
		n.shown = out
		return out, d.oneElement(out)
	}
	return out, nil
}

// flowing is what a stream shows of a message.
func (d *drawing) flowing(n *node, items []piece) []piece {
	f := &flow{items}
	if !d.everything {
		d.lists, d.flows = append(d.lists, n), append(d.flows, f)
		if n.stream != nil {
			d.streams = append(d.streams, *n.stream)
		}
	}
	return []piece{{flow: f}}
}

// oneElement checks the promise of r: the client cuts such HTML by its first
// and its last tag and loses what stands around them.
func (d *drawing) oneElement(pieces []piece) error {
	html, err := d.r.html(pieces, false)
	if err != nil {
		return err
	}
	if s := strings.TrimSpace(html); !strings.HasPrefix(s, "<") || !strings.HasSuffix(s, ">") {
		return fmt.Errorf("r:1 says one element, but the HTML is %q", html)
	}
	return nil
}

func (d *drawing) slot(s slot) ([]piece, error) {
	switch {
	case s.node != nil:
		return d.pieces(s.node)
	case s.cid != 0:
		return []piece{{cid: s.cid}}, d.component(s.cid)
	}
	return []piece{{text: s.text}}, nil
}

// component draws a component that is reached, if the message has it.
func (d *drawing) component(cid int) error {
	n := d.r.components[cid]
	if n == nil {
		return fmt.Errorf("component %d is on the page and was never sent", cid)
	}
	if !d.everything && !d.changed[cid] {
		return nil
	}
	if slices.Contains(d.within, cid) {
		return fmt.Errorf("component %d contains itself", cid)
	}
	d.within = append(d.within, cid)
	n.changed = true
	out, err := d.pieces(n)
	d.within = d.within[:len(d.within)-1]
	d.r.page.components[cid] = out
	if d.reached == nil {
		d.reached = map[int]bool{}
	}
	d.reached[cid] = true
	return err
}

// outermost are the changed components that stand on the page and in no other
// changed one.
func (r *rendered) outermost(changed map[int]bool) []int {
	inner := map[int]bool{}
	var walk func(pieces []piece)
	walk = func(pieces []piece) {
		for _, p := range pieces {
			if p.flow != nil {
				walk(p.flow.pieces)
			}
			if p.cid != 0 && !inner[p.cid] {
				inner[p.cid] = true
				walk(r.page.components[p.cid])
			}
		}
	}
	for cid := range changed {
		walk(r.page.components[cid])
	}
	var out []int
	for _, cid := range slices.Sorted(maps.Keys(changed)) {
		if _, known := r.page.components[cid]; known && !inner[cid] {
			out = append(out, cid)
		}
	}
	return out
}

// html is pieces as markup. With marks, the elements of components carry their
// number, as the client gives it to them.
func (r *rendered) html(pieces []piece, marks bool) (string, error) {
	var b strings.Builder
	err := r.write(&b, pieces, marks)
	return b.String(), err
}

func (r *rendered) write(b *strings.Builder, pieces []piece, marks bool) error {
	for _, p := range pieces {
		if p.flow != nil {
			if err := r.write(b, p.flow.pieces, marks); err != nil {
				return err
			}
			continue
		}
		if p.cid == 0 {
			b.WriteString(p.text)
			continue
		}
		inner, err := r.html(r.page.components[p.cid], marks)
		if err != nil {
			return err
		}
		if marks {
			if inner, err = mark(inner, p.cid); err != nil {
				return fmt.Errorf("component %d: %w", p.cid, err)
			}
		}
		b.WriteString(inner)
	}
	return nil
}

// mark gives the one element of a component the attribute data-phx-component.
func mark(html string, cid int) (string, error) {
	rest := strings.TrimLeft(html, " \t\r\n\f")
	for strings.HasPrefix(rest, "<!--") {
		_, after, ok := strings.Cut(rest, "-->")
		if !ok {
			break
		}
		rest = strings.TrimLeft(after, " \t\r\n\f")
	}
	end := strings.IndexAny(rest, " \t\r\n\f/>")
	if !strings.HasPrefix(rest, "<") || end < 2 || !strings.HasSuffix(strings.TrimRight(rest, " \t\r\n\f"), ">") {
		return "", fmt.Errorf("its HTML is not one element: %s", html)
	}
	at := len(html) - len(rest) + end
	return html[:at] + ` data-phx-component="` + strconv.Itoa(cid) + `"` + html[at:], nil
}
