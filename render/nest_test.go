package render

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

var (
	oneSlot  = newTemplate(0, "<p>", "</p>")
	twoSlots = newTemplate(Root, "<div>", "|", "</div>")
	noSlot   = newTemplate(Root, "<hr>")
	bold     = newTemplate(Root, "<b>", "</b>")
	italic   = newTemplate(Root, "<i>", "</i>")
	loose    = newTemplate(0, "", " ", "")
)

func TestItem68NothingChangedSendsNothing(t *testing.T) {
	t.Parallel()
	page := node(twoSlots, str("a"), comp(node(bold, num(1))))
	script(t,
		step{page, `"0":"a","1":{"0":"1","s":0,"r":1},"s":1,"p":{"0":["<b>","</b>"],"1":["<div>","|","</div>"]}`},
		step{page, ``},
	)
}

func TestItem69OnlyThePathToAChange(t *testing.T) {
	t.Parallel()
	page := func(a string, n int) Func {
		return node(twoSlots, str(a), comp(node(loose, str("x"), comp(node(bold, num(n))))))
	}
	script(t,
		step{page("a", 1), `"0":"a","1":{"0":"x","1":{"0":"1","s":0,"r":1},"s":1},"s":2,"p":{"0":["<b>","</b>"],"1":[""," ",""],"2":["<div>","|","</div>"]}`},
		step{page("a", 2), `"1":{"1":{"0":"2"}}`},
		step{page("b", 2), `"0":"b"`},
		step{page("c", 3), `"0":"c","1":{"1":{"0":"3"}}`},
	)
}

func TestItem70AnotherBranchIsSentWhole(t *testing.T) {
	t.Parallel()
	page := func(inner Func) Func { return node(oneSlot, comp(inner)) }
	script(t,
		step{page(node(bold, str("x"))), `"0":{"0":"x","s":0,"r":1},"s":1,"p":{"0":["<b>","</b>"],"1":["<p>","</p>"]}`},
		step{page(node(italic, str("x"))), `"0":{"0":"x","s":0,"r":1},"p":{"0":["<i>","</i>"]}`},
		step{page(node(noSlot)), `"0":{"s":0,"r":1},"p":{"0":["<hr>"]}`},
		step{page(node(twoSlots, str("x"), comp(node(italic, str("y"))))),
			`"0":{"0":"x","1":{"0":"y","s":0,"r":1},"s":1,"r":1},"p":{"0":["<i>","</i>"],"1":["<div>","|","</div>"]}`},
		step{page(node(twoSlots, str("x"), comp(node(italic, str("z"))))), `"0":{"1":{"0":"z"}}`},
	)
}

func TestItem71AnEmptiedBranchIsForgotten(t *testing.T) {
	t.Parallel()
	page := func(slot func(*Writer, int)) Func { return node(twoSlots, slot, str("end")) }
	full := comp(node(bold, str("x")))
	script(t,
		step{page(none), `"0":"","1":"end","s":0,"p":{"0":["<div>","|","</div>"]}`},
		step{page(none), ``},
		step{page(full), `"0":{"0":"x","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{page(none), `"0":""`},
		step{page(none), ``},
		step{page(full), `"0":{"0":"x","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
	)
}

func TestItem74AnotherRootIsSentWhole(t *testing.T) {
	t.Parallel()
	script(t,
		step{node(bold, str("x")), `"0":"x","s":0,"p":{"0":["<b>","</b>"]}`},
		step{node(italic, str("x")), `"0":"x","s":0,"p":{"0":["<i>","</i>"]}`},
		step{node(italic, str("y")), `"0":"y"`},
		step{node(noSlot), `"s":0,"p":{"0":["<hr>"]}`},
		step{node(noSlot), ``},
	)
}

func TestItem75OnlyNestedRootsAreMarked(t *testing.T) {
	t.Parallel()
	script(t, step{node(bold, comp(node(italic, comp(node(oneSlot, str("x")))))),
		`"0":{"0":{"0":"x","s":0},"s":1,"r":1},"s":2,"p":{"0":["<p>","</p>"],"1":["<i>","</i>"],"2":["<b>","</b>"]}`})
}

func TestItem78ATemplateUsedTwiceIsSentOnce(t *testing.T) {
	t.Parallel()
	script(t, step{node(twoSlots, comp(node(bold, str("x"))), comp(node(bold, str("y")))),
		`"0":{"0":"x","s":0,"r":1},"1":{"0":"y","s":0,"r":1},"s":1,"p":{"0":["<b>","</b>"],"1":["<div>","|","</div>"]}`})
}

func TestSlotsBeyondTheTableOfKeys(t *testing.T) {
	t.Parallel()
	tpl := newTemplate(0, make([]string, 121)...)
	var slots []func(*Writer, int)
	for range 120 {
		slots = append(slots, str("x"))
	}
	page := node(tpl, slots...)
	slots = append(slots[:119:119], str("y"))
	var s State
	if _, err := s.AppendDiff(context.Background(), nil, page); err != nil {
		t.Fatal(err)
	}
	got, err := s.AppendDiff(context.Background(), nil, node(tpl, slots...))
	if want := `"119":"y"`; string(got) != want || err != nil {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestRootThatIsEmpty(t *testing.T) {
	t.Parallel()
	empty := Func(func(w *Writer, slot int) error { return w.Children(slot, nil) })
	script(t,
		step{empty, `"s":0,"p":{"0":[""]}`},
		step{empty, ``},
		step{node(bold, str("x")), `"0":"x","s":0,"p":{"0":["<b>","</b>"]}`},
		step{empty, `"s":0,"p":{"0":[""]}`},
	)
}

// What cannot be a tree of templates must be heard of at once.
func TestMisusePanics(t *testing.T) {
	t.Parallel()
	first := true
	tests := []struct {
		name, want string
		render     Func
	}{
		{"two roots", "slot -1 is the root", func(w *Writer, slot int) error {
			return errOr(node(bold, str("x"))(w, slot), node(bold, str("x"))(w, slot))
		}},
		{"a root inside", "slot -1 is the root", node(bold, func(w *Writer, _ int) { w.Nest(-1, italic) })},
		{"fewer slots than before", `begins with "<div>" wrote other slots`, func(w *Writer, slot int) error {
			w.Nest(slot, twoSlots)
			w.Str(0, "x")
			if first {
				w.Str(1, "y")
			}
			w.End()
			return nil
		}},
		{"fewer slots in a row", `begins with "<p>" wrote other slots`, node(bold, func(w *Writer, slot int) {
			w.For(slot, oneSlot)
			w.Entry(1)
			if first {
				w.Str(0, "x")
			}
			w.EndEntry()
			w.EndFor()
		})},
	}
	for _, tt := range tests { // in turn, as they share first
		var s State
		first = true
		got := panicOf(func() {
			for range 2 {
				if _, err := s.AppendDiff(context.Background(), nil, tt.render); err != nil {
					t.Error(err)
				}
				first = false
			}
		})
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: panic %q, want one with %q", tt.name, got, tt.want)
		}
	}
}

func errOr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func panicOf(f func()) (message string) {
	defer func() {
		switch r := recover().(type) {
		case string:
			message = r
		case error:
			message = r.Error()
		}
	}()
	f()
	return ""
}

func TestChildren(t *testing.T) {
	t.Parallel()
	box := func(children func(*Writer, int) error) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, oneSlot)
			w.WithChildren(children)
			err := w.Comp(0, Func(func(w *Writer, slot int) error {
				c := w.TakeChildren()
				w.Nest(slot, twoSlots)
				if err := errOr(w.Children(0, c), w.Children(1, c)); err != nil {
					return err
				}
				w.End()
				return nil
			}))
			w.End()
			return err
		}
	}
	script(t,
		step{box(nil), `"0":{"0":"","1":"","s":0,"r":1},"s":1,"p":{"0":["<div>","|","</div>"],"1":["<p>","</p>"]}`},
		step{box(node(bold, str("x"))), `"0":{"0":{"0":"x","s":0,"r":1},"1":{"0":"x","s":0,"r":1}},"p":{"0":["<b>","</b>"]}`},
		step{box(node(bold, str("y"))), `"0":{"0":{"0":"y"},"1":{"0":"y"}}`},
		step{box(nil), `"0":{"0":"","1":""}`},
	)
}

// Children that a component does not show are not given to the next one.
func TestChildrenThatNobodyTook(t *testing.T) {
	t.Parallel()
	var got Func
	probe := Func(func(w *Writer, slot int) error {
		got = w.TakeChildren()
		w.Empty(slot)
		return nil
	})
	deaf := node(noSlot)
	for _, first := range []templ.Component{deaf, foreign("x")} {
		page := node(twoSlots, func(w *Writer, slot int) {
			w.WithChildren(node(bold, str("x")))
			comp(first)(w, slot)
		}, comp(probe))
		htmlOf(t, page)
		if got != nil {
			t.Errorf("the component after a %T was given its children", first)
		}
	}
}
