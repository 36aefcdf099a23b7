package render

import (
	"errors"
	"math"
	"testing"
)

// memoized is a page of one memo around a text. count counts its evaluations.
func memoized(key uint64, text string, count *int) Func {
	return node(oneSlot, func(w *Writer, slot int) {
		if w.Memo(slot, key) {
			*count++
			node(bold, str(text))(w, slot)
			w.EndMemo()
		}
	})
}

const boldStatics = `"s":1,"p":{"0":["<b>","</b>"],"1":["<p>","</p>"]}`

func TestMemoIsSkippedWhileTheKeyStays(t *testing.T) {
	t.Parallel()
	n := 0
	var s State
	for i, step := range []struct {
		key  uint64
		text string
		want string
		runs int
	}{
		{1, "a", `"0":{"0":"a","s":0,"r":1},` + boldStatics, 1},
		{1, "not evaluated", ``, 1},
		{2, "b", `"0":{"0":"b"}`, 2},
		{3, "b", ``, 3},
		{3, "not evaluated", ``, 3},
		{1, "c", `"0":{"0":"c"}`, 4},
	} {
		got, err := s.AppendDiff(t.Context(), nil, memoized(step.key, step.text, &n))
		if err != nil || string(got) != step.want || n != step.runs {
			t.Errorf("step %d sends %s, %v after %d evaluations, want %s after %d", i, got, err, n, step.want, step.runs)
		}
	}
	s.Reset()
	if got, _ := s.AppendDiff(t.Context(), nil, memoized(1, "c", &n)); n != 5 || len(got) == 0 {
		t.Errorf("after Reset %d evaluations send %s", n, got)
	}
	if got := htmlOf(t, memoized(1, "d", &n)); got != "<p><b>d</b></p>" {
		t.Errorf("the HTML is %s", got)
	}
}

// A memo stands in a slot that held something else, and gives it back.
func TestMemoTakesTurnsWithOthers(t *testing.T) {
	t.Parallel()
	n := 0
	script(t,
		step{memoized(1, "a", &n), `"0":{"0":"a","s":0,"r":1},` + boldStatics},
		step{node(oneSlot, comp(node(bold, str("a")))), `"0":{"0":"a","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{memoized(1, "a", &n), `"0":{"0":"a","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{node(oneSlot, none), `"0":""`},
		step{memoized(1, "a", &n), `"0":{"0":"a","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{memoized(1, "a", &n), ``},
	)
}

// What failed inside a memo does not count as evaluated.
func TestMemoRollsBack(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	page := func(key uint64, text string, err error) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, oneSlot)
			if w.Memo(0, key) {
				w.Nest(0, bold)
				w.Str(0, text)
				if err != nil {
					return err
				}
				w.End()
				w.EndMemo()
			}
			w.End()
			return nil
		}
	}
	var s State
	if _, err := s.AppendDiff(t.Context(), nil, page(1, "a", nil)); err != nil {
		t.Fatal(err)
	}
	if got, err := s.AppendDiff(t.Context(), nil, page(2, "b", boom)); !errors.Is(err, boom) || len(got) > 0 {
		t.Fatalf("AppendDiff = %s, %v", got, err)
	}
	if got, err := s.AppendDiff(t.Context(), nil, page(2, "b", nil)); string(got) != `"0":{"0":"b"}` || err != nil {
		t.Errorf("after an error the diff is %s, %v", got, err)
	}
	if got, err := s.AppendDiff(t.Context(), nil, page(2, "c", nil)); string(got) != `` || err != nil {
		t.Errorf("with the key of before the diff is %s, %v", got, err)
	}
}

// The root of a view may be a memo: a layout around the page, say.
func TestMemoAtTheRoot(t *testing.T) {
	t.Parallel()
	page := func(key int, text string) Func {
		return Wrap(Memo(Key(key)), node(bold, str(text))).(Func)
	}
	script(t,
		step{page(1, "a"), `"0":"a","s":0,"p":{"0":["<b>","</b>"]}`},
		step{page(2, "b"), `"0":"b"`},
	)
	var s State
	for i, want := range []string{`"0":"a","s":0,"p":{"0":["<b>","</b>"]}`, ``} {
		if got, err := s.AppendDiff(t.Context(), nil, page(1, "a")); err != nil || string(got) != want {
			t.Errorf("render %d sends %s, %v, want %s", i, got, err, want)
		}
	}
	two := Func(func(w *Writer, slot int) error {
		for range 2 {
			if err := page(1, "a")(w, slot); err != nil {
				return err
			}
		}
		return nil
	})
	defer func() {
		if recover() == nil {
			t.Error("two memos at the root do not panic")
		}
	}()
	_, _ = new(State).AppendDiff(t.Context(), nil, two)
}

// A memo without children shows nothing.
func TestMemoOfNothing(t *testing.T) {
	t.Parallel()
	page := func(key int) Func { return node(oneSlot, comp(Memo(Key(key)))) }
	script(t,
		step{page(1), `"0":"","s":0,"p":{"0":["<p>","</p>"]}`},
		step{page(2), ``},
	)
}

// A body that writes more or less than before is found out, as in a template.
func TestMemoThatGoesAstray(t *testing.T) {
	t.Parallel()
	page := func(key uint64, slots int) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			if w.Memo(slot, key) {
				for range slots {
					w.Empty(slot)
				}
				w.EndMemo()
			}
		})
	}
	var s State
	if _, err := s.AppendDiff(t.Context(), nil, page(1, 1)); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a memo that writes nothing does not panic")
		}
	}()
	_, _ = s.AppendDiff(t.Context(), nil, page(2, 0))
}

// In rows that move, a memo stays with its row.
func TestMemoMovesWithItsRow(t *testing.T) {
	t.Parallel()
	type row struct {
		key     string
		version int
		text    string
	}
	page := func(rows ...row) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			w.For(slot, listT)
			for _, r := range rows {
				w.Entry(Key(r.key))
				if w.Memo(0, Key(r.version)) {
					node(bold, str(r.text))(w, 0)
					w.EndMemo()
				}
				w.EndEntry()
			}
			w.EndFor()
		})
	}
	a, b, c := row{"a", 1, "A"}, row{"b", 1, "B"}, row{"c", 2, "C"}
	script(t,
		step{page(a, b, c), `"0":{"k":{"0":{"0":{"0":"A","s":0,"r":1}},"1":{"0":{"0":"B","s":0,"r":1}},"2":{"0":{"0":"C","s":0,"r":1}},"kc":3},"s":1},"s":2,"p":{"0":["<b>","</b>"],"1":["",""],"2":["<p>","</p>"]}`},
		step{page(c, a, b), `"0":{"k":{"0":2,"1":0,"2":1,"kc":3,"km":true}}`},
		step{page(c, row{"b", 2, "B2"}, a), `"0":{"k":{"1":[2,{"0":{"0":"B2"}}],"2":1,"kc":3,"km":true}}`},
		step{page(row{"b", 2, "B2"}), `"0":{"k":{"0":1,"kc":1,"km":true}}`},
	)
}

// A key that is not equal to itself is never the same.
func TestMemoOfNoNumber(t *testing.T) {
	t.Parallel()
	n := 0
	var s State
	for range 2 {
		if _, err := s.AppendDiff(t.Context(), nil, memoized(Key(math.NaN()), "a", &n)); err != nil {
			t.Fatal(err)
		}
	}
	if n != 2 {
		t.Errorf("%d evaluations, want 2", n)
	}
}
