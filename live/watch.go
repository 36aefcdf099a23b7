package live

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// watchEvery is the time between two looks at the callbacks that run.
	watchEvery = 10 * time.Second
	// patientTicks is how many looks a callback may last before its view counts
	// as stuck: 30 s, after which the client has given its event up.
	patientTicks = 3
	// watchSlots is how many ticks are told apart.
	watchSlots = 8
)

// A watch knows how many views are stuck: in a callback that does not return.
// It costs a message nothing and a borrowed goroutine two additions: callbacks
// are counted by the tick of a slow clock in which they began, and those that
// are still counted some ticks later are stuck.
//
// Slots are used again. What still stands in one by then is older than all of
// the clock's ticks; it is noted as the slot's base.
type watch struct {
	tick  atomic.Uint32
	begun [watchSlots]atomic.Int32

	on atomic.Bool // the timer runs, as it does while there are views

	mu    sync.Mutex
	base  [watchSlots]int32
	known int       // stuck views that the log has been told of
	taken time.Time // when a stack was last taken
}

// begin counts a goroutine that goes to work and returns since when it does.
func (w *watch) begin() uint32 {
	at := w.tick.Load()
	w.begun[at%watchSlots].Add(1)
	return at
}

// next is the beginning of another callback on the same goroutine.
func (w *watch) next(at *uint32) {
	if now := w.tick.Load(); now != *at {
		w.begun[now%watchSlots].Add(1)
		w.begun[*at%watchSlots].Add(-1)
		*at = now
	}
}

// end counts the goroutine out.
func (w *watch) end(at uint32) { w.begun[at%watchSlots].Add(-1) }

// stuck is how many goroutines have been at one callback for patientTicks. The
// caller holds mu.
func (w *watch) stuck() int {
	now, n := w.tick.Load(), int32(0)
	for i := range uint32(watchSlots) {
		if slot := (now - i) % watchSlots; i <= patientTicks {
			n += w.base[slot]
		} else {
			n += w.begun[slot].Load()
		}
	}
	return max(0, int(n)) // some may be about to be counted out
}

// Stuck is the number of views in a callback, or in a mount, that has not
// returned for half a minute. Such a view holds its memory and whatever it has
// locked; nothing can end it from outside. The figure is up to ten seconds old,
// and views count that their clients have long left.
func (r *Runtime) Stuck() int {
	r.watch.mu.Lock()
	defer r.watch.mu.Unlock()
	return r.watch.stuck()
}

// watchOver makes the clock go. Running has counted the view that is watched.
func (r *Runtime) watchOver() {
	if !r.watch.on.Load() && r.watch.on.CompareAndSwap(false, true) {
		time.AfterFunc(watchEvery, r.look)
	}
}

// look is one tick of the clock. It stops with the last view.
func (r *Runtime) look() {
	w := &r.watch
	w.mu.Lock()
	next := (w.tick.Load() + 1) % watchSlots
	w.base[next] = w.begun[next].Load()
	w.tick.Add(1)
	n, known := w.stuck(), w.known
	w.known = n
	w.mu.Unlock()
	if n > known {
		attrs := []slog.Attr{slog.Int("views", n), slog.Duration("for", patientTicks*watchEvery)}
		if text := r.oldestStack(); text != "" {
			attrs = append(attrs, slog.String("stack", text))
		}
		r.log().LogAttrs(background, slog.LevelError, "views are stuck: their callbacks do not return", attrs...)
	}
	w.on.Store(false)
	if r.running.Load() > 0 {
		r.watchOver()
	}
}
