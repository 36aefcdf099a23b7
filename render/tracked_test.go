package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

type line struct{ Key, Text string }

var (
	pageT = render.NewTemplate(render.Root, "<p>", "", "</p>")
	lineT = render.NewTemplate(0, "<i>", "</i>")
)

// A board shows lines and notes which of them it evaluated.
type board struct {
	lines     *live.Rows[line]
	before    string
	reads     uint64
	usesIndex bool
	evaluated []string
}

func (b *board) page() templ.Component {
	b.evaluated = nil
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, pageT)
		w.Str(0, b.before)
		l := render.Each(w, 1, lineT, b.lines, b.reads, b.usesIndex)
		for l.Next() {
			i, r := l.Index(), l.Row()
			if l.Entry(render.Key(r.Key)) {
				b.evaluated = append(b.evaluated, r.Text)
				if b.usesIndex {
					r.Text = fmt.Sprint(i, r.Text)
				}
				w.Str(0, r.Text)
				w.EndEntry()
			}
		}
		l.End()
		w.End()
		return nil
	})
}

func lines(texts ...string) *live.Rows[line] {
	rows := new(live.Rows[line])
	for _, s := range texts {
		rows.Append(line{s, s})
	}
	return rows
}

// An evaluation is a change and what it makes a view do.
type evaluation struct {
	change    func(b *board)
	evaluated string
	diff      string
}

func evaluations(t *testing.T, b *board, steps ...evaluation) {
	t.Helper()
	var s render.State
	c := render.NewClient()
	first, err := s.AppendDiff(t.Context(), nil, b.page())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(first); err != nil {
		t.Fatal(err)
	}
	for i, step := range steps {
		step.change(b)
		diff, err := s.AppendDiff(t.Context(), nil, b.page())
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got := strings.Join(b.evaluated, " "); got != step.evaluated || string(diff) != step.diff {
			t.Errorf("step %d evaluates %q and sends %s, want %q and %s", i, got, diff, step.evaluated, step.diff)
		}
		got, err := c.Apply(diff)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if html, err := render.AppendHTML(t.Context(), nil, b.page()); err != nil || got != string(html) {
			t.Errorf("step %d: the client shows %s, want %s", i, got, html)
		}
	}
}

func text(s string) func(*line) { return func(l *line) { l.Text = s } }

func TestOnlyChangedRowsAreEvaluated(t *testing.T) {
	t.Parallel()
	evaluations(t, &board{lines: lines("a", "b", "c", "d"), reads: render.NoReads},
		evaluation{func(*board) {}, "", ``},
		evaluation{func(b *board) { b.before = "x" }, "", `"0":"x"`},
		evaluation{func(b *board) { b.lines.Edit(2, text("C")) }, "C", `"1":{"k":{"2":{"0":"C"},"kc":4}}`},
		evaluation{func(b *board) { b.lines.Edit(2, text("C")) }, "C", ``},
		evaluation{func(b *board) { b.lines.Insert(0, line{"x", "x"}) }, "x", `"1":{"k":{"0":{"0":"x"},"1":0,"2":1,"3":2,"4":3,"kc":5,"km":true}}`},
		evaluation{func(b *board) { b.lines.Append(line{"y", "y"}) }, "y", `"1":{"k":{"5":{"0":"y"},"kc":6}}`},
		evaluation{func(b *board) { b.lines.Delete(1) }, "", `"1":{"k":{"1":2,"2":3,"3":4,"4":5,"kc":5,"km":true}}`},
		evaluation{func(b *board) { b.lines.Move(4, 0); b.lines.Edit(2, text("B")) }, "B", `"1":{"k":{"0":4,"1":0,"2":[1,{"0":"B"}],"3":2,"4":3,"kc":5,"km":true}}`},
		evaluation{func(b *board) { b.lines.Replace() }, "", `"1":{"k":{"kc":0}}`},
		evaluation{func(b *board) { b.lines.Append(line{"z", "z"}) }, "z", `"1":{"k":{"0":{"0":"z"},"kc":1}}`},
	)
}

// Rows that are put in place of others are followed by their keys.
func TestReplacedRowsAreFollowedByKey(t *testing.T) {
	t.Parallel()
	evaluations(t, &board{lines: lines("a", "b", "c"), reads: render.NoReads},
		evaluation{func(b *board) { b.lines.Replace(line{"a", "a"}, line{"b", "B"}, line{"c", "c"}) }, "a B c", `"1":{"k":{"1":{"0":"B"},"kc":3}}`},
		evaluation{func(*board) {}, "", ``},
		evaluation{func(b *board) { b.lines.Replace(line{"c", "c"}, line{"a", "a"}) }, "c a", `"1":{"k":{"0":2,"1":0,"kc":2,"km":true}}`},
		evaluation{func(b *board) { b.lines.Edit(1, func(l *line) { l.Key = "other" }) }, "a", `"1":{"k":{"1":{"0":"a"},"kc":2}}`},
	)
}

// Two rows of one key are not taken for each other when one of them is passed
// over.
func TestDuplicateKeysOfTrackedRows(t *testing.T) {
	t.Parallel()
	rows := new(live.Rows[line])
	rows.Append(line{"k", "one"}, line{"k", "two"}, line{"z", "z"})
	evaluations(t, &board{lines: rows, reads: render.NoReads},
		evaluation{func(b *board) { b.lines.Move(1, 0) }, "two one", `"1":{"k":{"0":{"0":"two"},"1":{"0":"one"},"kc":3}}`},
		evaluation{func(b *board) { b.lines.Move(2, 0) }, "", `"1":{"k":{"0":2,"1":0,"2":1,"kc":3,"km":true}}`},
		evaluation{func(b *board) { b.lines.Insert(1, line{"k", "new"}) }, "new two one", `"1":{"k":{"1":{"0":"new"},"2":{"0":"two"},"3":{"0":"one"},"kc":4}}`},
	)
}

func TestAllRowsAreEvaluatedWhenWhatTheyReadChanged(t *testing.T) {
	t.Parallel()
	b := &board{lines: lines("a", "b"), reads: render.Read(render.NoReads, 1)}
	evaluations(t, b,
		evaluation{func(b *board) { b.reads = render.Read(render.NoReads, 2) }, "a b", ``},
		evaluation{func(*board) {}, "", ``},
		evaluation{func(b *board) { b.lines = lines("a", "c") }, "a c", `"1":{"k":{"1":{"0":"c"},"kc":2}}`},
		evaluation{func(b *board) { b.reads = render.UnknownReads }, "a c", ``},
		evaluation{func(*board) {}, "a c", ``},
		evaluation{func(b *board) { b.reads = render.NoReads }, "a c", ``},
		evaluation{func(*board) {}, "", ``},
	)
}

// A row that shows its index is evaluated when that changed.
func TestRowsThatShowTheirIndex(t *testing.T) {
	t.Parallel()
	evaluations(t, &board{lines: lines("a", "b", "c"), reads: render.NoReads, usesIndex: true},
		evaluation{func(b *board) { b.lines.Delete(1) }, "c", `"1":{"k":{"1":[2,{"0":"1c"}],"kc":2,"km":true}}`},
		evaluation{func(b *board) { b.lines.Edit(0, text("A")) }, "A", `"1":{"k":{"0":{"0":"0A"},"kc":2}}`},
		evaluation{func(b *board) { b.lines.Move(1, 0) }, "c A", `"1":{"k":{"0":[1,{"0":"0c"}],"1":[0,{"0":"1A"}],"kc":2,"km":true}}`},
	)
}

// Whatever is changed during a render, all its loops see the same rows.
func TestOneRenderSeesOneSnapshot(t *testing.T) {
	t.Parallel()
	rows := lines("a")
	twoT := render.NewTemplate(0, "", " ", "")
	page := render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, twoT)
		for slot := range 2 {
			l := render.Each(w, slot, lineT, rows, render.NoReads, false)
			for l.Next() {
				if r := l.Row(); l.EntryRow() {
					w.Str(0, r.Text)
					w.EndEntry()
				}
			}
			l.End()
			rows.Append(line{"x", "x"})
		}
		w.End()
		return nil
	})
	if got, err := render.AppendHTML(t.Context(), nil, page); string(got) != "<i>a</i> <i>a</i>" || err != nil {
		t.Errorf("the HTML is %s, %v", got, err)
	}
	if got, err := render.AppendHTML(t.Context(), nil, page); string(got) != "<i>a</i><i>x</i><i>x</i> <i>a</i><i>x</i><i>x</i>" || err != nil {
		t.Errorf("the next HTML is %s, %v", got, err)
	}
	var s render.State
	diff, err := s.AppendDiff(t.Context(), nil, page)
	if err != nil || strings.Count(string(diff), `"x"`) != 8 {
		t.Errorf("the diff is %s, %v, want four x in both loops", diff, err)
	}
}

func TestNoRows(t *testing.T) {
	t.Parallel()
	evaluations(t, &board{lines: nil, reads: render.NoReads},
		evaluation{func(*board) {}, "", ``},
		evaluation{func(b *board) { b.lines = new(live.Rows[line]) }, "", ``},
		evaluation{func(b *board) { b.lines.Append(line{"a", "a"}) }, "a", `"1":{"k":{"0":{"0":"a"},"kc":1},"s":0},"p":{"0":["<i>","</i>"]}`},
	)
}

// The bar of tracked loops: what an edit and the render after it allocate.
func TestTrackedAllocs(t *testing.T) { // not parallel: AllocsPerRun counts everybody's
	if render.RaceEnabled {
		t.Skip("the race detector lets the pool forget writers")
	}
	rows := new(live.Rows[line])
	for i := range 1000 {
		rows.Append(line{fmt.Sprint(i), "text"})
	}
	ctx := t.Context()
	page := render.Func(func(w *render.Writer, slot int) error {
		reads := render.Reads(func(r uint64) uint64 { return render.Read(r, "EUR") }, func(r uint64) uint64 { return render.Read(r, 1) })
		l := render.Each(w, slot, lineT, rows, reads, false)
		for l.Next() {
			r := l.Row()
			if l.Entry(render.Key(r.Key)) {
				w.Str(0, r.Text)
				w.EndEntry()
			}
		}
		l.End()
		return nil
	})
	view := render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, pageT)
		w.Str(0, "")
		if err := page(w, 1); err != nil {
			return err
		}
		w.End()
		return nil
	})
	var s render.State
	buf, n := make([]byte, 0, 1<<16), 0
	got := testing.AllocsPerRun(200, func() {
		n++
		rows.Edit(500, func(l *line) { l.Text = texts[n%2] })
		if _, err := s.AppendDiff(ctx, buf[:0], view); err != nil {
			t.Fatal(err)
		}
	})
	if got > 4 {
		t.Errorf("an edit and a render allocate %v times, want at most 4", got)
	}
}

var texts = []string{"one", "two"}
