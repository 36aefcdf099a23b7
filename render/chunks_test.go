package render

import (
	"fmt"
	"strings"
	"testing"
)

func chunked(rows ...int) Func {
	return node(oneSlot, func(w *Writer, slot int) {
		c := w.Chunks(slot, item)
		for _, r := range rows {
			c.Entry(Key(r))
			w.Int(0, int64(r))
			w.EndEntry()
		}
		c.End()
	})
}

// upTo returns n numbers, of which those that begin a chunk stand where the
// test's keys put them.
func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// inside returns a number from n on that begins a chunk, or does not.
func inside(n int, begins bool) int {
	for ; (hashWord(Key(n))>>(64-chunkBits) == 0) != begins; n++ {
	}
	return n
}

func TestChunksKeepAnInsertSmall(t *testing.T) {
	t.Parallel()
	rows := upTo(1000)
	for _, begins := range []bool{false, true} {
		var s, plain State
		c := newClient()
		show := func(rows []int) int {
			t.Helper()
			diff, err := s.AppendDiff(t.Context(), nil, chunked(rows...))
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.apply(diff)
			if want := htmlOf(t, chunked(rows...)); err != nil || got != want {
				t.Fatalf("the client shows %.200s, %v, want %.200s", got, err, want)
			}
			return len(diff)
		}
		show(rows)
		text := make([]string, len(rows))
		for i, r := range rows {
			text[i] = fmt.Sprint(r)
		}
		if _, err := plain.AppendDiff(t.Context(), nil, list1(text...)); err != nil {
			t.Fatal(err)
		}
		all, err := plain.AppendDiff(t.Context(), nil, list1(append([]string{"new"}, text...)...))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, 500, 999} {
			more := append(append(append([]int{}, rows[:at]...), inside(5000, begins)), rows[at:]...)
			grown, shrunk := show(more), show(rows)
			if limit := len(all) / 2; grown > limit || shrunk > limit {
				t.Errorf("a row at %d that begins a chunk (%t) costs %d and %d bytes, in a plain list %d", at, begins, grown, shrunk, len(all))
			}
		}
	}
}

// A chunk is found by its first key, so that those behind a change only move.
func TestChunksBehindAChangeMove(t *testing.T) {
	t.Parallel()
	first := inside(0, false)
	second := inside(1000, true)
	x := inside(first+1, false)
	script(t,
		step{chunked(first, second), fmt.Sprintf(`"0":{"k":{"0":{"0":{"k":{"0":{"0":"%d"},"kc":1},"s":0}},"1":{"0":{"k":{"0":{"0":"%d"},"kc":1},"s":0}},"kc":2},"s":1},"s":2,"p":{"0":["<li>","</li>"],"1":["",""],"2":["<p>","</p>"]}`, first, second)},
		step{chunked(first, x, second), fmt.Sprintf(`"0":{"k":{"0":{"0":{"k":{"1":{"0":"%d"},"kc":2}}},"kc":2}}`, x)},
		step{chunked(second), `"0":{"k":{"0":1,"kc":1,"km":true}}`},
		step{chunked(), `"0":{"k":{"kc":0}}`},
	)
}

func TestChunksWithoutKeys(t *testing.T) {
	t.Parallel()
	page := func(rows ...string) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			c := w.Chunks(slot, item)
			for _, r := range rows {
				c.EntryIndex()
				w.Str(0, r)
				w.EndEntry()
			}
			c.End()
		})
	}
	var s State
	c := newClient()
	for _, n := range []int{3, 100, 40, 0, 1} {
		rows := strings.Split(strings.Repeat("x,", n), ",")[:n]
		diff, err := s.AppendDiff(t.Context(), nil, page(rows...))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.apply(diff); err != nil || got != htmlOf(t, page(rows...)) {
			t.Errorf("%d rows: the client shows %s, %v", n, got, err)
		}
	}
}

// TestARowOnTopThatBeginsAChunk holds that the rows below it are not sent
// again, neither then nor when the next one comes.
func TestARowOnTopThatBeginsAChunk(t *testing.T) {
	t.Parallel()
	var plain, begins []uint64 // keys, which differ from process to process
	for key := uint64(0); len(plain) < 4 || len(begins) < 2; key++ {
		if hashWord(key)>>(64-chunkBits) == 0 {
			begins = append(begins, key)
		} else {
			plain = append(plain, key)
		}
	}
	names := map[uint64]string{plain[0]: "a", plain[1]: "b", plain[2]: "x", plain[3]: "y", begins[0]: "C", begins[1]: "D"}
	page := func(keys ...uint64) Func {
		return node(oneSlot, func(w *Writer, slot int) {
			c := w.Chunks(slot, item)
			for _, key := range keys {
				c.Entry(key)
				w.Str(0, names[key])
				w.EndEntry()
			}
			c.End()
		})
	}
	a, b, x, y, c, d := plain[0], plain[1], plain[2], plain[3], begins[0], begins[1]
	script(t,
		step{page(a, b), `"0":{"k":{"0":{"0":{"k":{"0":{"0":"a"},"1":{"0":"b"},"kc":2},"s":0}},"kc":1},"s":1},"s":2,"p":{"0":["<li>","</li>"],"1":["",""],"2":["<p>","</p>"]}`},
		step{page(c, a, b), `"0":{"k":{"0":{"0":{"k":{"0":{"0":"C"},"1":0,"2":1,"kc":3,"km":true}}},"kc":1}}`},
		step{page(c, a, b), ``},
		step{page(x, c, a, b), `"0":{"k":{"0":{"0":{"k":{"0":{"0":"x"},"kc":1},"s":0}},"1":0,"kc":2,"km":true}},"p":{"0":["<li>","</li>"]}`},
		step{page(y, x, c, a, b), `"0":{"k":{"0":{"0":{"k":{"0":{"0":"y"},"1":0,"kc":2,"km":true}}},"kc":2}}`},
		step{page(d, y, x, c, a, b), `"0":{"k":{"0":{"0":{"k":{"0":{"0":"D"},"1":0,"2":1,"kc":3,"km":true}}},"kc":2}}`},
		// A chunk that the client knows stays the one it was.
		step{page(c, y, x), `"0":{"k":{"0":[1,{"0":{"k":{"1":{"0":"y"},"2":{"0":"x"},"kc":3}}}],"kc":1,"km":true}}`},
	)
}
