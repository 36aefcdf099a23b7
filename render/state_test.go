package render

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

func TestAppendDiffAppends(t *testing.T) {
	t.Parallel()
	var s State
	dst := []byte(`{"diff":{`)
	got, err := s.AppendDiff(t.Context(), dst, node(bold, str("x")))
	if want := `{"diff":{"0":"x","s":0,"p":{"0":["<b>","</b>"]}`; string(got) != want || err != nil {
		t.Errorf("AppendDiff = %s, %v, want %s", got, err, want)
	}
	if got, err := s.AppendDiff(t.Context(), []byte("1,"), node(bold, str("x"))); string(got) != "1," || err != nil {
		t.Errorf("AppendDiff of no change = %s, %v, want what was there", got, err)
	}
}

func TestResetSendsEverythingAgain(t *testing.T) {
	t.Parallel()
	var s State
	page := node(bold, str("x"))
	first, _ := s.AppendDiff(t.Context(), nil, page)
	if s.Size() <= sliceHeader {
		t.Errorf("Size = %d after a render, want more", s.Size())
	}
	s.Reset()
	if s.Size() != sliceHeader {
		t.Errorf("Size = %d after Reset, want %d", s.Size(), sliceHeader)
	}
	second, _ := s.AppendDiff(t.Context(), nil, page)
	if string(first) != string(second) {
		t.Errorf("after Reset the diff is %s, want %s", second, first)
	}
}

// The tape of a list that shrinks is not kept at its greatest length.
func TestStateDoesNotKeepWhatItDoesNotNeed(t *testing.T) {
	t.Parallel()
	var s State
	many := make([]string, 1000)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	for _, rows := range [][]string{many, many[:10]} {
		if _, err := s.AppendDiff(t.Context(), nil, list1(rows...)); err != nil {
			t.Fatal(err)
		}
	}
	if s.Size() > 1000 {
		t.Errorf("Size = %d with 10 rows", s.Size())
	}
}

// A render that fails late has changed the tape in place and forked it before.
func TestErrorsRollBack(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	page := func(text string, rows []string, fail bool) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, twoSlots)
			w.Str(0, text)
			keyed(item, rows...)(w, 1)
			if fail {
				return boom
			}
			w.End()
			return nil
		}
	}
	var s State
	c := newClient()
	for i, p := range []struct {
		text string
		rows []string
		fail bool
	}{
		{"a", []string{"x"}, true},
		{"a", []string{"x"}, false},
		{"b", []string{"x"}, true},
		{"b", []string{"x"}, false},
		{"c", []string{"x", "y"}, true},
		{"c", []string{"y", "x"}, true},
		{"c", []string{"x", "y"}, false},
	} {
		diff, err := s.AppendDiff(t.Context(), nil, page(p.text, p.rows, p.fail))
		if errors.Is(err, boom) != p.fail {
			t.Fatalf("step %d: error %v", i, err)
		}
		if p.fail {
			if len(diff) > 0 {
				t.Errorf("step %d: a failed render sends %s", i, diff)
			}
			continue
		}
		if got, err := c.apply(diff); err != nil || got != htmlOf(t, page(p.text, p.rows, false)) {
			t.Errorf("step %d: the client shows %s, %v", i, got, err)
		}
	}
}

// Who swallows the error of a component goes on in the middle of it.
func TestErrorThatIsPassedOver(t *testing.T) {
	t.Parallel()
	broken := Func(func(w *Writer, slot int) error {
		w.Nest(slot, italic)
		return errors.New("boom")
	})
	page := node(bold, func(w *Writer, slot int) { _ = w.Comp(slot, broken) })
	var s State
	if got, err := s.AppendDiff(t.Context(), nil, page); !errors.Is(err, errLeftOpen) {
		t.Errorf("AppendDiff = %s, %v, want %v", got, err, errLeftOpen)
	}
	if got, err := AppendHTML(t.Context(), nil, page); !errors.Is(err, errLeftOpen) {
		t.Errorf("AppendHTML = %s, %v, want %v", got, err, errLeftOpen)
	}
}

func explode() { panic("boom") }

func TestPanicsRollBackAndGoOn(t *testing.T) {
	t.Parallel()
	var s State
	page := func(text string, after func()) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, bold)
			w.Str(0, text)
			after()
			w.End()
			return nil
		}
	}
	first, _ := s.AppendDiff(t.Context(), nil, page("a", func() {}))
	stack := func() (stack string) {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("panic %v, want boom", r)
			}
			stack = string(debug.Stack())
		}()
		_, _ = s.AppendDiff(t.Context(), nil, page("b", explode))
		return ""
	}()
	if !strings.Contains(stack, "render.explode") {
		t.Errorf("the stack does not show where it happened:\n%s", stack)
	}
	got, err := s.AppendDiff(t.Context(), nil, page("b", func() {}))
	if want := `"0":"b"`; string(got) != want || err != nil {
		t.Errorf("after a panic the diff is %s, %v, want %s (first %s)", got, err, want, first)
	}
}

// runtime.Goexit, as testing.T.Fatal calls it, leaves a render too.
func TestGoexitRollsBack(t *testing.T) {
	t.Parallel()
	var s State
	page := func(text string, after func()) Func {
		return node(bold, func(w *Writer, slot int) { w.Str(slot, text); after() })
	}
	if _, err := s.AppendDiff(t.Context(), nil, page("a", func() {})); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = s.AppendDiff(t.Context(), nil, page("b", runtime.Goexit)) })
	wg.Wait()
	if got, err := s.AppendDiff(t.Context(), nil, page("b", func() {})); string(got) != `"0":"b"` || err != nil {
		t.Errorf("the diff is %s, %v", got, err)
	}
}

// The bar of the package: what a click on a counter costs.
func TestAllocs(t *testing.T) { // not parallel: AllocsPerRun counts everybody's
	if raceEnabled {
		t.Skip("the race detector lets the pool forget writers")
	}
	var s State
	n := 0
	buf := make([]byte, 0, 1024)
	ctx := t.Context()
	got := testing.AllocsPerRun(1000, func() {
		n++
		if _, err := s.AppendDiff(ctx, buf[:0], counter(&n)); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Errorf("a render of the counter allocates %v times, want at most 2", got)
	}
	price := celsius(0)
	got = testing.AllocsPerRun(100, func() {
		price++
		view := Func(func(w *Writer, slot int) error {
			w.Nest(slot, twoSlots)
			Text(w, 0, price)
			Attr(w, 1, status("open"))
			w.End()
			return nil
		})
		if _, err := s.AppendDiff(ctx, buf[:0], view); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Errorf("a render of named types allocates %v times, want at most 2", got)
	}
	rows := newTable(100)
	got = testing.AllocsPerRun(100, func() {
		rows[50].cells[3] += "x"
		if _, err := s.AppendDiff(ctx, buf[:0], table(&rows)); err != nil {
			t.Fatal(err)
		}
	})
	if got > 3 {
		t.Errorf("a render of the table allocates %v times, want at most 3", got)
	}
}
