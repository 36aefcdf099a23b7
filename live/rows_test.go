package live

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"bennu/render"
)

func texts(r *Rows[string]) []string {
	var all []string
	for i, s := range r.All() {
		if i != len(all) {
			panic(fmt.Sprintf("row %d has index %d", len(all), i))
		}
		all = append(all, s)
	}
	return all
}

func TestRowsChange(t *testing.T) {
	t.Parallel()
	r := new(Rows[string])
	upper := func(s *string) { *s = strings.ToUpper(*s) }
	for _, c := range []struct {
		name   string
		change func()
		want   string
	}{
		{"nothing yet", func() {}, ""},
		{"append", func() { r.Append("a", "b") }, "a b"},
		{"append nothing", func() { r.Append() }, "a b"},
		{"insert on top", func() { r.Insert(0, "c") }, "c a b"},
		{"insert at the end", func() { r.Insert(3, "d", "e") }, "c a b d e"},
		{"delete", func() { r.Delete(1) }, "c b d e"},
		{"move down", func() { r.Move(0, 2) }, "b d c e"},
		{"move up", func() { r.Move(3, 0) }, "e b d c"},
		{"move nowhere", func() { r.Move(1, 1) }, "e b d c"},
		{"edit", func() { r.Edit(1, upper) }, "e B d c"},
		{"set", func() { r.Set(0, "f") }, "f B d c"},
		{"edit some", func() { r.EditFunc(func(s string) bool { return s > "c" }, upper) }, "F B D c"},
		{"delete some", func() { r.DeleteFunc(func(s string) bool { return s < "C" }) }, "F D c"},
		{"replace", func() { r.Replace("x", "y") }, "x y"},
		{"replace by nothing", func() { r.Replace() }, ""},
	} {
		c.change()
		if got := strings.Join(texts(r), " "); got != c.want || r.Len() != len(texts(r)) {
			t.Errorf("%s: %q of %d, want %q", c.name, got, r.Len(), c.want)
		}
	}
}

// Whatever is done to a list, it is what a slice would be; older states stay
// what they were, and versions and IDs tell what a render has to know.
func TestRowsAreASlice(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	var r Rows[int]
	var model []int
	type state struct {
		snapshot render.Snapshot[int]
		rows     []render.Row[int]
	}
	var before []state
	for step := range 500 {
		next, n := rnd.IntN(1000), len(model)
		switch op := rnd.IntN(13); {
		case op < 3 && n < 300 || n == 0:
			more := make([]int, rnd.IntN(4)*rnd.IntN(20))
			at := rnd.IntN(n + 1)
			r.Insert(at, more...)
			model = slices.Insert(model, at, more...)
		case op < 4:
			r.Append(next)
			model = append(model, next)
		case op < 6:
			at := rnd.IntN(n)
			r.Delete(at)
			model = slices.Delete(model, at, at+1)
		case op < 8:
			from, to := rnd.IntN(n), rnd.IntN(n)
			r.Move(from, to)
			x := model[from]
			model = slices.Insert(slices.Delete(model, from, from+1), to, x)
		case op < 10:
			at := rnd.IntN(n)
			r.Edit(at, func(x *int) { *x = next })
			model[at] = next
		case op < 11:
			rest := rnd.IntN(10)
			is := func(x int) bool { return x%10 == rest }
			edited := 0
			for i, x := range model {
				if is(x) {
					model[i] = next
					edited++
				}
			}
			if got := r.EditFunc(is, func(x *int) { *x = next }); got != edited {
				t.Fatalf("step %d: EditFunc = %d, want %d", step, got, edited)
			}
		case op < 12:
			rest := rnd.IntN(10)
			is := func(x int) bool { return x%10 == rest }
			left := slices.DeleteFunc(slices.Clone(model), is)
			if got := r.DeleteFunc(is); got != len(model)-len(left) {
				t.Fatalf("step %d: DeleteFunc = %d, want %d", step, got, len(model)-len(left))
			}
			model = left
		case rnd.IntN(30) == 0:
			model = model[:rnd.IntN(n)]
			r.Replace(model...)
			model = slices.Clone(model)
		}
		now := state{r.Snapshot(), rowsOf(t, r.Snapshot())}
		for i, row := range now.rows {
			if row.Value != model[i] || r.At(i) != model[i] {
				t.Fatalf("step %d: row %d is %d, At says %d, want %d", step, i, row.Value, r.At(i), model[i])
			}
		}
		if len(now.rows) != len(model) || r.Len() != len(model) {
			t.Fatalf("step %d: %d rows, Len %d, want %d", step, len(now.rows), r.Len(), len(model))
		}
		for _, b := range before {
			tellsChanges(t, step, b.snapshot, b.rows, now.rows)
		}
		before = append(before, now)
		before = before[max(0, len(before)-5):]
	}
}

// rowsOf returns all rows of a snapshot and checks the sizes of its chunks.
func rowsOf(t *testing.T, s render.Snapshot[int]) (all []render.Row[int]) {
	t.Helper()
	n := 0
	for c := s.Chunk(0); c != nil; c = s.Chunk(n) {
		if len(c) == 0 || len(c) > chunkRows {
			t.Fatalf("a chunk of %d rows", len(c))
		}
		all = append(all, c...)
		n++
	}
	if most := 8 + len(all)/4; n > most {
		t.Fatalf("%d rows in %d chunks, want at most %d", len(all), n, most)
	}
	return all
}

// tellsChanges holds what a render relies on: a row that was there, and whose
// version is not newer than that state, is what it was.
func tellsChanges(t *testing.T, step int, old render.Snapshot[int], was, is []render.Row[int]) {
	t.Helper()
	for i, row := range rowsOf(t, old) {
		if row != was[i] {
			t.Fatalf("step %d: an older state changed from %v to %v", step, was[i], row)
		}
	}
	_, since := old.Version()
	values := map[uint64]int{}
	for _, row := range was {
		values[row.ID] = row.Value
	}
	seen := map[uint64]bool{}
	for _, row := range is {
		if seen[row.ID] {
			t.Fatalf("step %d: two rows with ID %d", step, row.ID)
		}
		seen[row.ID] = true
		value, there := values[row.ID]
		if row.Version <= since && (!there || value != row.Value) {
			t.Fatalf("step %d: row %v was %d (there: %t) in version %d", step, row, value, there, since)
		}
	}
}

// A change of one row is told as such.
func TestOneEditIsOneNewVersion(t *testing.T) {
	t.Parallel()
	var r Rows[int]
	r.Append(make([]int, 100)...)
	list, since := r.Snapshot().Version()
	r.Edit(40, func(x *int) { *x = 1 })
	r.EditFunc(func(int) bool { return false }, nil)
	r.DeleteFunc(func(int) bool { return false })
	same, now := r.Snapshot().Version()
	if same != list || now != since+1 {
		t.Errorf("version %d of list %d, want %d of %d", now, same, since+1, list)
	}
	for i, row := range rowsOf(t, r.Snapshot()) {
		if (row.Version > since) != (i == 40) {
			t.Errorf("row %d has version %d, the list had %d", i, row.Version, since)
		}
	}
	var other Rows[int]
	if another, _ := other.Snapshot().Version(); another == list {
		t.Errorf("two lists are number %d", list)
	}
}

// A list that grows row by row at its end has full chunks.
func TestAppendFillsChunks(t *testing.T) {
	t.Parallel()
	var r Rows[int]
	for i := range 320 {
		r.Append(i)
	}
	if n := len(r.now().chunks); n > 11 {
		t.Errorf("320 rows are in %d chunks", n)
	}
}

// A list that shrinks has few chunks, in whatever order its rows go.
func TestDeleteJoinsChunks(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(round, count int) int{
		"from the front, every tenth stays": func(round, _ int) int { return round / 9 },
		"from the back, every tenth stays":  func(round, count int) int { return count - 1 - round/9 },
	} {
		var r Rows[int]
		r.Append(make([]int, 1000)...)
		for round := range 900 {
			r.Delete(next(round, r.Len()))
		}
		if n := len(r.now().chunks); n > 13 {
			t.Errorf("%s: 100 rows are in %d chunks", name, n)
		}
	}
	var r Rows[int]
	r.Append(make([]int, 1000)...)
	asked := 0
	r.DeleteFunc(func(int) bool { asked++; return asked%10 > 0 })
	if n := len(r.now().chunks); n > 13 || r.Len() != 100 || asked != 1000 {
		t.Errorf("DeleteFunc asks of %d rows, and leaves %d in %d chunks", asked, r.Len(), n)
	}
}

func TestRowsThatAreNotThere(t *testing.T) {
	t.Parallel()
	var r Rows[int]
	r.Append(1, 2)
	for name, f := range map[string]func(){
		"At":     func() { r.At(2) },
		"Insert": func() { r.Insert(3, 1) },
		"Delete": func() { r.Delete(-1) },
		"Move":   func() { r.Move(0, 2) },
		"Edit":   func() { r.Edit(2, func(*int) {}) },
		"Set":    func() { r.Set(2, 1) },
	} {
		func() {
			defer func() {
				if got, want := fmt.Sprint(recover()), "out of range; the list has 2 rows"; !strings.Contains(got, want) {
					t.Errorf("%s: panic %q, want %q in it", name, got, want)
				}
			}()
			f()
		}()
	}
	r.Append(3) // the lock is free
	if got := r.Len(); got != 3 {
		t.Errorf("Len = %d after the panics, want 3", got)
	}
}

func TestEditThatPanics(t *testing.T) {
	t.Parallel()
	var r Rows[int]
	r.Append(1)
	func() {
		defer func() { _ = recover() }()
		r.Edit(0, func(x *int) { *x = 2; panic("boom") })
	}()
	if got := r.At(0); got != 1 {
		t.Errorf("the row is %d, want what it was", got)
	}
	r.Edit(0, func(x *int) { *x = 3 })
	if got := r.At(0); got != 3 {
		t.Errorf("the row is %d, want 3", got)
	}
}

func TestNilRows(t *testing.T) {
	t.Parallel()
	var r *Rows[int]
	for range Each(r) {
		t.Error("a nil list has a row")
	}
	if n := r.Len(); n != 0 {
		t.Errorf("Len = %d", n)
	}
}

// A log that shows a list copies nothing of it: others may be changing it.
func TestRowsInALog(t *testing.T) {
	t.Parallel()
	v := &struct {
		View
		List   Rows[int]
		Shared *Rows[int]
	}{Shared: new(Rows[int])}
	v.List.Append(1, 2)
	var writer sync.WaitGroup
	writer.Go(func() { v.Shared.Append(3) })
	defer writer.Wait()
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "view", state{v})
	if want := `view.List="*live.Rows[int] of 2"`; !strings.Contains(b.String(), want) {
		t.Errorf("the log says %s, want %s", &b, want)
	}
}

// Views render a list while others change it; each shows one state of it.
func TestRowsAreShared(t *testing.T) {
	t.Parallel()
	var r Rows[[2]int]
	for range 100 {
		r.Append([2]int{1, 1})
	}
	var writers, readers sync.WaitGroup
	for k := range 3 {
		writers.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(k), 0))
			for i := range 300 {
				r.EditFunc(func(x [2]int) bool { return x[0]%7 == k }, func(x *[2]int) { x[0], x[1] = i, i })
				r.Insert(0, [2]int{i, i})
				r.Edit(0, func(x *[2]int) { x[0]++; x[1]++ })
				r.Move(0, rnd.IntN(50))
				r.Delete(0)
			}
		})
	}
	for range 3 {
		readers.Go(func() {
			var s render.State
			for range 100 {
				if _, err := s.AppendDiff(context.Background(), nil, pairs(&r)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	readers.Wait()
	if got := r.Len(); got != 100 {
		t.Errorf("%d rows are left, want 100", got)
	}
}

var (
	pairsT = render.New(1<<63|1, 0, "", "")
	pairT  = render.New(1<<63|2, 0, "", ",", ";")
)

// pairs shows a list and fails when a row is torn.
func pairs(rows *Rows[[2]int]) render.Func {
	return func(w *render.Writer, slot int) error {
		w.Nest(slot, pairsT)
		l := render.Each(w, 0, pairT, rows, render.NoReads, false)
		for l.Next() {
			r := l.Row()
			if r[0] != r[1] {
				return fmt.Errorf("a row is half changed: %v", r)
			}
			if l.EntryRow() {
				w.Int(0, int64(r[0]))
				w.Int(1, int64(r[1]))
				w.EndEntry()
			}
		}
		l.End()
		w.End()
		return nil
	}
}
