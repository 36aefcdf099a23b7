package render

import (
	"fmt"
	"testing"
)

var item = newTemplate(0, "<li>", "</li>")

func list1(rows ...string) Func { return node(oneSlot, keyed(item, rows...)) }

const listStatics = `"s":1,"p":{"0":["<li>","</li>"],"1":["<p>","</p>"]}`

func TestItem87AppendSendsTheNewEntry(t *testing.T) {
	t.Parallel()
	script(t,
		step{list1("a", "b"), `"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2},"s":0},` + listStatics},
		step{list1("a", "b", "c"), `"0":{"k":{"2":{"0":"c"},"kc":3}}`},
		step{list1("a", "b", "c"), ``},
	)
}

func TestItem88MovesAreNumbers(t *testing.T) {
	t.Parallel()
	script(t,
		step{list1("a", "b", "c"), `"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"2":{"0":"c"},"kc":3},"s":0},` + listStatics},
		step{list1("c", "b", "a"), `"0":{"k":{"0":2,"2":0,"kc":3,"km":true}}`},
		step{list1("b", "a"), `"0":{"k":{"0":1,"1":2,"kc":2,"km":true}}`},
		step{list1("x", "b", "a"), `"0":{"k":{"0":{"0":"x"},"1":0,"2":1,"kc":3,"km":true}}`},
		step{list1("b", "a"), `"0":{"k":{"0":1,"1":2,"kc":2,"km":true}}`},
	)
}

func TestItem89MovedAndChanged(t *testing.T) {
	t.Parallel()
	page := func(rows ...[2]string) Func { return node(oneSlot, pairs(item, rows...)) }
	script(t,
		step{page([2]string{"a", "1"}, [2]string{"b", "2"}), `"0":{"k":{"0":{"0":"1"},"1":{"0":"2"},"kc":2},"s":0},` + listStatics},
		step{page([2]string{"b", "3"}, [2]string{"a", "1"}), `"0":{"k":{"0":[1,{"0":"3"}],"1":0,"kc":2,"km":true}}`},
		step{page([2]string{"b", "3"}, [2]string{"a", "4"}), `"0":{"k":{"1":{"0":"4"},"kc":2}}`},
	)
}

func TestItem90ANewEntryIsSentWhole(t *testing.T) {
	t.Parallel()
	row := newTemplate(0, "<li>", "", "</li>")
	page := func(rows ...string) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			w.For(slot, row)
			for _, r := range rows {
				w.Entry(Key(r))
				w.Str(0, "same")
				comp(node(bold, str("same")))(w, 1)
				w.EndEntry()
			}
			w.EndFor()
		})
	}
	script(t,
		step{page("a"), `"0":{"k":{"0":{"0":"same","1":{"0":"same","s":0,"r":1}},"kc":1},"s":1},"s":2,"p":{"0":["<b>","</b>"],"1":["<li>","","</li>"],"2":["<p>","</p>"]}`},
		step{page("b"), `"0":{"k":{"0":{"0":"same","1":{"0":"same","s":0,"r":1}},"kc":1}},"p":{"0":["<b>","</b>"]}`},
		step{page("b"), ``},
	)
}

func TestItem91RemovingTheLastSendsTheCount(t *testing.T) {
	t.Parallel()
	script(t,
		step{list1("a", "b", "c"), `"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"2":{"0":"c"},"kc":3},"s":0},` + listStatics},
		step{list1("a", "b"), `"0":{"k":{"kc":2}}`},
		step{list1("a"), `"0":{"k":{"kc":1}}`},
		step{list1("a"), ``},
	)
}

// Item 93 asks for an error; a page with a duplicate is better than none, as
// long as the client is never told to use an entry twice.
func TestItem93ADuplicateKeyIsANewEntry(t *testing.T) {
	t.Parallel()
	page := func(rows ...[2]string) Func { return node(oneSlot, pairs(item, rows...)) }
	a, b := [2]string{"a", "1"}, [2]string{"b", "2"}
	script(t,
		step{page(a, b), `"0":{"k":{"0":{"0":"1"},"1":{"0":"2"},"kc":2},"s":0},` + listStatics},
		step{page(a, a, b), `"0":{"k":{"1":{"0":"1"},"2":1,"kc":3,"km":true}}`},
		step{page(a, a, b), ``},
		step{page(b, a, a), `"0":{"k":{"0":2,"1":0,"2":1,"kc":3,"km":true}}`},
		step{page(a, a, a, b), `"0":{"k":{"0":1,"1":2,"2":{"0":"1"},"3":0,"kc":4,"km":true}}`},
	)
}

func TestItem94EmptyLists(t *testing.T) {
	t.Parallel()
	script(t,
		step{list1(), `"0":"","s":0,"p":{"0":["<p>","</p>"]}`},
		step{list1(), ``},
		step{list1("a"), `"0":{"k":{"0":{"0":"a"},"kc":1},"s":0},"p":{"0":["<li>","</li>"]}`},
		step{list1(), `"0":{"k":{"kc":0}}`},
		step{list1(), ``},
		step{list1("b"), `"0":{"k":{"0":{"0":"b"},"kc":1}}`},
		step{node(oneSlot, comp(node(bold, str("x")))), `"0":{"0":"x","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{list1(), `"0":""`},
		step{list1(), ``},
	)
}

func TestEntriesWithoutKeys(t *testing.T) {
	t.Parallel()
	page := func(rows ...string) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			w.For(slot, item)
			for _, r := range rows {
				w.EntryIndex()
				w.Str(0, r)
				w.EndEntry()
			}
			w.EndFor()
		})
	}
	script(t,
		step{page("a", "b"), `"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2},"s":0},` + listStatics},
		step{page("x", "a", "b"), `"0":{"k":{"0":{"0":"x"},"1":{"0":"a"},"2":{"0":"b"},"kc":3}}`},
		step{page("a", "b"), `"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2}}`},
	)
}

func TestRowsThatAreRoots(t *testing.T) {
	t.Parallel()
	body := newTemplate(0, "", "")
	page := func(rows ...[2]string) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			w.For(slot, body)
			for _, r := range rows {
				w.Entry(Key(r[0]))
				w.Nest(0, bold)
				w.Str(0, r[1])
				w.End()
				w.EndEntry()
			}
			w.EndFor()
		})
	}
	a, b := [2]string{"a", "1"}, [2]string{"b", "2"}
	script(t,
		step{page(a, b), `"0":{"k":{"0":{"0":{"0":"1","s":0,"r":1}},"1":{"0":{"0":"2","s":0,"r":1}},"kc":2},"s":1},"s":2,"p":{"0":["<b>","</b>"],"1":["",""],"2":["<p>","</p>"]}`},
		step{page(a, [2]string{"b", "3"}), `"0":{"k":{"1":{"0":{"0":"3"}},"kc":2}}`},
		step{page([2]string{"b", "4"}, a), `"0":{"k":{"0":[1,{"0":{"0":"4"}}],"1":0,"kc":2,"km":true}}`},
	)
}

// A long list that was sorted anew is found by an index, which has to give each
// entry once like the search does.
func TestLongListsAreIndexed(t *testing.T) {
	t.Parallel()
	var rows, back []string
	for i := range 200 {
		rows = append(rows, fmt.Sprint(i))
		back = append(back, fmt.Sprint(199-i))
	}
	back = append(back, "7", "7", "new")
	s, c := State{}, newClient()
	for i, rows := range [][]string{rows, back, rows, append(rows[100:], rows[:50]...)} {
		diff, err := s.AppendDiff(t.Context(), nil, list1(rows...))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.apply(diff)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if want := htmlOf(t, list1(rows...)); got != want {
			t.Errorf("step %d: the client shows\n%s\nwant\n%s", i, got, want)
		}
	}
}
