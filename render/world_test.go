package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/a-h/templ"
)

// world is the state of a page that uses everything a template can do. Its
// templates are written by hand as the generator would.
type world struct {
	title, word string
	open, swap  bool
	mode, n     int
	ratio       float64
	deep        int
	layout      int
	groups      []group
	names       []string
	attrs       templ.OrderedAttributes
	long        []row
	fuse        int // the render fails at the fuse-th place where it can, if > 0
	panics      bool
}

type (
	group struct {
		key  int
		name string
		on   bool
		rows []row
	}
	row struct {
		key, label string
		kind       int
		cells      []cell
	}
	cell struct {
		key  int
		text string
	}
)

var (
	errFuse      = errors.New("this render fails")
	errPanicFuse = errors.New("this render panics")
)

// mayFail stands where a template evaluates an expression.
func (p *world) mayFail() error {
	if p.fuse == 0 {
		return nil
	}
	if p.fuse--; p.fuse > 0 {
		return nil
	}
	if p.panics {
		panic(errPanicFuse)
	}
	return errFuse
}

// fingerprints counts those that were given out; tests that run at the same
// time make templates too.
var fingerprints atomic.Uint64

func newTemplate(flags Flags, statics ...string) *Template {
	return New(100+fingerprints.Add(1), flags, statics...)
}

var (
	pageT    = newTemplate(Root, `<main class="`, `"`, ` title="`, `"`, "><h1>", "</h1>", "", `<p class="`, `">`, "</p>", "", "", "", "", "", "", "</main>")
	openT    = newTemplate(Root, "<b>", " of ", "</b>")
	tagT     = newTemplate(0, " data-word=\"", "\"")
	bareT    = newTemplate(0, " data-bare")
	shellT   = newTemplate(Root, "<section><h2>", "</h2>", "<hr>", "</section>")
	bodyT    = newTemplate(0, "shown ", " ", "", "", "", "")
	onceT    = newTemplate(Root, "<i>once ", "</i>")
	innerT   = newTemplate(0, "inner ", "", "")
	boxT     = newTemplate(Root, "<q>", "</q>")
	listT    = newTemplate(0, "", "")
	groupT   = newTemplate(Root, "<ul id=\"", "\">", "", "</ul>")
	noteT    = newTemplate(Root, "<em>", "</em>")
	rowsT    = newTemplate(0, "", "")
	rowT     = newTemplate(Root, "<li>", "", "", "</li>")
	zeroT    = newTemplate(0, "zero ")
	oneT     = newTemplate(Root, "<u>", "</u>")
	cellsT   = newTemplate(0, "<td>", "", "</td>")
	namesT   = newTemplate(0, "<a href=\"", "\">", ":", "</a>")
	treeT    = newTemplate(Root, "<dl>", "", "</dl>")
	modeT    = newTemplate(0, "", " mode")
	directT  = newTemplate(0, "<p>", "</p>")
	genericT = newTemplate(Root, "<var>", "</var>")
	layoutAT = newTemplate(0, "<header>", "</header>", "")
	layoutBT = newTemplate(Root, "<body>", "</body>")
)

var once = templ.NewOnceHandle()

// foreign is a component as others write them: it knows only HTML and context.
func foreign(s string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := fmt.Fprintf(w, "<em title=\"q\">%s\n\\</em>", templ.EscapeString(s)); err != nil {
			return err
		}
		return templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), w)
	})
}

func style(color string) templ.CSSClass {
	css := string(templ.SanitizeCSS("color", color))
	id := templ.CSSID("tint", css)
	return templ.ComponentCSSClass{ID: id, Class: templ.SafeCSS("." + id + "{" + css + "}")}
}

// view is the whole page inside a layout.
func (p *world) view() templ.Component {
	switch p.layout {
	case 1:
		return Wrap(layoutA(p.title), p.page())
	case 2:
		return Wrap(layoutB(), Wrap(layoutA("in"), p.page()))
	}
	return p.page()
}

func layoutA(title string) templ.Component {
	return Func(func(w *Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, layoutAT)
		w.Str(0, title)
		if err := w.Children(1, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

func layoutB() templ.Component {
	return Func(func(w *Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, layoutBT)
		if err := w.Children(0, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

func (p *world) page() templ.Component {
	return Func(func(w *Writer, slot int) error {
		w.Nest(slot, pageT)
		w.BeginClass(0)
		w.ClassName("page")
		w.ClassIf("open", p.open)
		w.ClassIf("<odd>", p.n%2 == 1)
		w.ClassIf("page", p.n%5 != 0)
		w.EndClass()
		if p.open { // a conditional attribute
			w.Nest(1, tagT)
			Attr(w, 0, p.word)
			w.End()
		} else if p.swap {
			w.Nest(1, bareT)
			w.End()
		} else {
			w.Empty(1)
		}
		w.Str(2, p.title)
		w.Flag(3, " hidden", p.n%3 == 0)
		Text(w, 4, p.ratio)
		if p.open {
			w.Nest(5, openT)
			Text(w, 0, p.n)
			Text(w, 1, p.swap)
			w.End()
		} else {
			w.Empty(5)
		}
		if err := w.CSSItems(6, style(p.word), "even"); err != nil {
			return err
		}
		Classes(w, 7, style(p.word), "even", templ.KV("odd", p.swap))
		w.Str(8, p.word)
		if err := p.mayFail(); err != nil {
			return err
		}
		w.WithChildren(p.body)
		if err := p.shell(w, 9); err != nil {
			return err
		}
		w.For(10, listT)
		for i := range p.groups {
			g := &p.groups[i]
			w.Entry(Key(g.key))
			if err := w.Comp(0, p.group(g)); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.For(11, namesT)
		for i, n := range p.names {
			w.EntryIndex()
			URL(w, 0, n)
			Text(w, 1, i)
			Text(w, 2, n)
			w.EndEntry()
		}
		w.EndFor()
		if err := p.modes(w, 12); err != nil {
			return err
		}
		if err := p.tree(w, 13, p.deep); err != nil {
			return err
		}
		if err := p.memos(w, 14); err != nil {
			return err
		}
		if err := p.chunks(w, 15); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

// shell shows its children, at times twice.
func (p *world) shell(w *Writer, slot int) error {
	children := w.TakeChildren()
	w.Nest(slot, shellT)
	w.Str(0, p.title)
	if err := w.Children(1, children); err != nil {
		return err
	}
	if p.swap {
		children = nil
	}
	if err := w.Children(2, children); err != nil {
		return err
	}
	w.End()
	return nil
}

func (p *world) body(w *Writer, slot int) error {
	w.Nest(slot, bodyT)
	Text(w, 0, p.n)
	if err := w.Spread(1, p.attrs); err != nil {
		return err
	}
	w.WithChildren(func(w *Writer, slot int) error {
		w.Nest(slot, onceT)
		Text(w, 0, p.n)
		w.End()
		return nil
	})
	if err := w.Comp(2, once.Once()); err != nil {
		return err
	}
	w.WithChildren(func(w *Writer, slot int) error {
		w.Nest(slot, innerT)
		Text(w, 0, p.n)
		if err := p.mayFail(); err != nil {
			return err
		}
		w.WithChildren(func(w *Writer, slot int) error { return p.box(w, slot) })
		if err := p.shell(w, 1); err != nil {
			return err
		}
		w.End()
		return nil
	})
	if err := w.Comp(3, foreign(p.word)); err != nil {
		return err
	}
	if err := w.Comp(4, p.either()); err != nil {
		return err
	}
	w.End()
	return nil
}

func (p *world) box(w *Writer, slot int) error {
	w.Nest(slot, boxT)
	Attr(w, 0, p.n/3)
	w.End()
	return nil
}

// either stands for a slot that holds very different things.
func (p *world) either() templ.Component {
	switch p.n % 8 {
	case 0:
		return foreign(p.word)
	case 1:
		return generic(p.word)
	case 2:
		return generic(p.n)
	case 3:
		return generic(p.swap)
	case 4:
		return generic(p.ratio)
	case 5:
		return generic(int64(1))
	case 6:
		return generic(float32(p.ratio))
	}
	return templ.NopComponent
}

func generic[T Stringable](v T) templ.Component {
	return Func(func(w *Writer, slot int) error {
		w.Nest(slot, genericT)
		Text(w, 0, v)
		w.End()
		return nil
	})
}

func (p *world) group(g *group) Component {
	return Func(func(w *Writer, slot int) error {
		w.Nest(slot, groupT)
		w.Int(0, int64(g.key))
		if g.on {
			w.Nest(1, noteT)
			w.Str(0, g.name)
			w.End()
		} else {
			w.Empty(1)
		}
		w.For(2, rowsT)
		for i := range g.rows {
			r := &g.rows[i]
			w.Entry(Key(r.key))
			if err := p.row(w, 0, r); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.End()
		return nil
	})
}

func (p *world) row(w *Writer, slot int, r *row) error {
	w.Nest(slot, rowT)
	w.Str(0, r.label)
	switch r.kind {
	case 0:
		w.Nest(1, zeroT)
		w.End()
	case 1:
		w.Nest(1, oneT)
		w.Raw(0, "<i>"+templ.EscapeString(r.label)+"</i>")
		w.End()
	case 2:
		if err := w.Comp(1, foreign(r.label)); err != nil {
			return err
		}
	default:
		w.Empty(1)
	}
	w.For(2, cellsT)
	for _, c := range r.cells {
		w.Entry(Key(c.key))
		if err := p.mayFail(); err != nil {
			return err
		}
		w.Str(0, c.text)
		if c.key%2 == 0 {
			w.Nest(1, boxT)
			w.Str(0, c.text)
			w.End()
		} else {
			w.Empty(1)
		}
		w.EndEntry()
	}
	w.EndFor()
	w.End()
	return nil
}

func (p *world) modes(w *Writer, slot int) error {
	switch p.mode {
	case 0:
		w.Nest(slot, modeT)
		w.Int(0, int64(p.n))
		w.End()
	case 1:
		w.WithChildren(p.box)
		return p.shell(w, slot)
	case 2:
		w.Nest(slot, directT)
		w.For(0, namesT)
		for _, g := range p.groups {
			w.Entry(Key(g.key))
			w.Str(0, "")
			w.Str(1, g.name)
			Text(w, 2, g.on)
			w.EndEntry()
		}
		w.EndFor()
		w.End()
	case 3:
		w.For(slot, listT)
		for i := range p.names {
			w.Entry(Key(p.names[i]))
			if err := w.Comp(0, p.either()); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
	default:
		w.Empty(slot)
	}
	return nil
}

// tree is a component that contains itself.
func (p *world) tree(w *Writer, slot, depth int) error {
	w.Nest(slot, treeT)
	w.Int(0, int64(depth+p.n%2))
	if depth > 0 {
		if err := p.tree(w, 1, depth-1); err != nil {
			return err
		}
	} else {
		w.Empty(1)
	}
	w.End()
	return nil
}

var words = []string{"a", "<b>", `"q"`, "it's", `x\y`, "new\nline", "tab\t", "é😀", "\u2028", "long-word", "", "javascript:alert(1)", "\xff\xfe", "&amp;", "\x00\x1f", "red"}

// chance changes a world at random.
type chance struct {
	*rand.Rand
	key int
}

func (r *chance) word() string    { return words[r.IntN(len(words))] }
func (r *chance) one(of int) bool { return r.IntN(of) == 0 }
func (r *chance) next() int       { r.key++; return r.key }

func (r *chance) world() *world {
	p := &world{title: "t", word: "w"}
	for range 4 {
		p.groups = append(p.groups, r.group())
	}
	return p
}

func (r *chance) group() group {
	g := group{key: r.next(), name: r.word(), on: r.one(2)}
	for range r.IntN(5) {
		g.rows = append(g.rows, r.row())
	}
	return g
}

func (r *chance) row() row {
	x := row{key: fmt.Sprint(r.next()), label: r.word(), kind: r.IntN(4)}
	for range r.IntN(4) {
		x.cells = append(x.cells, r.cell())
	}
	return x
}

func (r *chance) cell() cell { return cell{r.next(), r.word()} }

// change makes a few changes.
func (r *chance) change(p *world) {
	for range 1 + r.IntN(3) {
		switch r.IntN(16) {
		case 0:
			p.title = r.word()
		case 1:
			p.word = r.word()
		case 2:
			p.open = !p.open
		case 3:
			p.swap = !p.swap
		case 4:
			p.mode = r.IntN(5)
		case 5:
			p.n = r.IntN(16)
		case 6:
			p.ratio = float64(r.IntN(4)) / 3
		case 7:
			p.names = edit(r, p.names, r.word, func(s *string) { *s = r.word() })
		case 8:
			p.deep = r.IntN(5)
		case 9:
			p.attrs = edit(r, p.attrs, func() templ.KeyValue[string, any] { return templ.KV[string, any]("data-x", r.word()) },
				func(a *templ.KeyValue[string, any]) { a.Value = r.one(2) })
		case 10:
			if r.one(20) {
				p.layout = r.IntN(3)
			}
		case 11, 12:
			p.long = edit(r, p.long, r.row, r.changeRow)
		default:
			p.groups = edit(r, p.groups, r.group, func(g *group) {
				switch r.IntN(5) {
				case 0:
					g.name = r.word()
				case 1:
					g.on = !g.on
				default:
					g.rows = edit(r, g.rows, r.row, r.changeRow)
				}
			})
		}
	}
}

func (r *chance) changeRow(x *row) {
	switch r.IntN(4) {
	case 0:
		x.label = r.word()
	case 1:
		x.kind = r.IntN(4)
	default:
		x.cells = edit(r, x.cells, r.cell, func(c *cell) { c.text = r.word() })
	}
}

// edit does to a list what users do to lists. It returns a new one.
func edit[T any](r *chance, list []T, make func() T, change func(*T)) []T {
	s := slices.Clone(list)
	if len(s) == 0 {
		return append(s, make())
	}
	i, j := r.IntN(len(s)), r.IntN(len(s))
	switch r.IntN(12) {
	case 0:
		return slices.Insert(s, i, make())
	case 1:
		return append(s, make())
	case 2:
		return slices.Delete(s, i, i+1)
	case 3: // move
		x := s[i]
		return slices.Insert(slices.Delete(s, i, i+1), j, x)
	case 4: // move and change
		s[i], s[j] = s[j], s[i]
		change(&s[j])
	case 5:
		r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	case 6: // a row with a key that is there already
		return slices.Insert(s, j, s[i])
	case 7:
		if r.one(8) {
			return nil
		}
		return s[:i]
	case 8:
		if len(s) > 10 {
			return s[:3]
		}
		return slices.Insert(s, 0, make(), make())
	case 9: // many at once, so that lists are long enough to be indexed
		if r.one(10) {
			for range 50 {
				s = append(s, make())
			}
			return s
		}
		change(&s[i])
	default:
		change(&s[i])
	}
	return s
}
