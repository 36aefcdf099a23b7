package render

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// It runs by itself and with a writer of its own: what it does to the writer
// before it goes to the pool would be found by the renders of other tests.
func TestPooledWritersAreSmallAndClean(t *testing.T) {
	w := &Writer{ctx: t.Context()}
	w.children, w.fresh, w.forked, w.pos, w.opened, w.rooted, w.html = node(bold, str("x")), true, true, 3, 2, true, true
	w.next = make([]uint64, 3, maxKeptWords+1)
	w.spare = make([]byte, 3, 10)
	w.stack = append(w.stack, frame{})
	w.used = append(w.used, bold)
	w.serial = 7
	w.snapshots = append(w.snapshots, snapshotted{of: t, is: t})
	snapshots := w.snapshots
	w.release()
	if snapshots[0].of != nil || len(w.snapshots) > 0 {
		t.Error("the pool keeps rows that a render has read")
	}
	if w.children != nil || w.ctx != nil || w.buf != nil || w.old != nil || w.statics != nil {
		t.Error("the pool keeps what belongs to a render")
	}
	if w.fresh || w.forked || w.html || w.rooted || w.ready || w.pos+w.opened+w.classSlot+w.start != 0 {
		t.Errorf("a cursor survived: %+v", w)
	}
	if len(w.stack)+len(w.next)+len(w.undo)+len(w.lists)+len(w.taken)+len(w.used)+len(w.classes)+len(w.spare)+len(w.page) != 0 {
		t.Errorf("something is still open: %+v", w)
	}
	if w.next != nil || cap(w.spare) != 10 {
		t.Errorf("kept %d words and %d bytes, want 0 and 10", cap(w.next), cap(w.spare))
	}
	if w.serial != 7 {
		t.Errorf("the numbering of renders starts again, old numbers would look new")
	}
}

func TestNumbersOfRendersWrapAround(t *testing.T) {
	t.Parallel()
	m := message{serial: ^uint32(0) - 1}
	for range 4 {
		m.used = m.used[:0]
		m.begin(0)
		if got := m.number(bold); got != 0 || len(m.used) != 1 {
			t.Errorf("render %d: the first template has number %d of %d", m.serial, got, len(m.used))
		}
	}
}

// Views render at the same time and templates are made at any time.
func TestConcurrentRenders(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			var s State
			c := newClient()
			for i := range 100 {
				own := New(uint64(1_000_000+g*1000+i), 0, fmt.Sprintf("<s id=%d>", i), "</s>")
				rows := strings.Split(strings.Repeat("a b c d e f g ", 1+i%3), " ")
				view := node(twoSlots, comp(node(own, num(i))), keyed(item, rows[i%7:]...))
				diff, err := s.AppendDiff(t.Context(), nil, view)
				if err != nil {
					t.Error(err)
					return
				}
				got, err := c.apply(diff)
				if want := htmlOf(t, view); err != nil || got != want {
					t.Errorf("the client shows %s, %v, want %s", got, err, want)
					return
				}
			}
		})
	}
	wg.Wait()
}
