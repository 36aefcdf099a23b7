package bench

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/counter"
)

// What may remain of a thousand rounds: the heap of a process at rest is some
// tens of KiB larger after them, by what the runtime and the kernel's poller
// keep for later. A connection with its view is 2 KiB, so even those of one of
// the five ways of leaving would show three times over.
const (
	rounds   = 1000
	moreHeap = 128 << 10
)

// TestFault97NothingRemainsOfPages opens a page a thousand times, over real
// connections, clicks it, leaves it in each of the ways in which browsers do,
// and compares goroutines and live heap with those before. It is not parallel:
// it counts what the whole process holds.
func TestFault97NothingRemainsOfPages(t *testing.T) {
	site, err := client.New(counter.Serve(t), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// One round of each kind fills pools and caches; a hundred make the
	// runtime's own lists as long as they will be.
	run(t, site, 100)
	goroutines, heap := rest(t, 0, 0)

	run(t, site, rounds)
	goroutinesAfter, heapAfter := rest(t, goroutines, heap+moreHeap)
	t.Logf("goroutines: %d before, %d after; live heap: %d bytes before, %d after", goroutines, goroutinesAfter, heap, heapAfter)
	if goroutinesAfter > goroutines {
		t.Errorf("%d goroutines after %d rounds, want the %d of before:\n%s", goroutinesAfter, rounds, goroutines, stacks())
	}
	if heapAfter > heap+moreHeap {
		t.Errorf("%d bytes of live heap after %d rounds, want at most %d more than the %d of before", heapAfter, rounds, moreHeap, heap)
	}
}

// run goes round n times, in four goroutines, all with the tokens of one page.
func run(t *testing.T, site *client.Site, n int) {
	t.Helper()
	loader := site.Loader()
	page, err := loader.Load()
	loader.Close()
	if err != nil {
		t.Fatal(err)
	}
	const workers = 4
	failed := make(chan error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				if err := round(site, page, i); err != nil {
					failed <- fmt.Errorf("round %d: %w", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Fatal(err)
	}
}

// round joins, clicks and leaves, in one way of five.
func round(site *client.Site, page *client.Page, i int) error {
	view, err := site.Open(page)
	if err != nil {
		return err
	}
	defer view.Abort() // also after an error
	reply, err := view.Do("click", "increase", []byte(`{"number":"2","value":""}`))
	if err != nil {
		return err
	}
	if !bytes.Contains(reply.Payload, []byte(`:"2"`)) {
		return fmt.Errorf("the reply is %s, want a 2 in it", reply.Payload)
	}
	switch i % 5 {
	case 0: // the page is left, the socket goes on and ends later
		if err := view.Left(); err != nil {
			return err
		}
		view.Close()
	case 1: // the tab is closed
		view.Close()
	case 2: // the machine is gone
		view.Abort()
	case 3: // the view crashes, and a new one takes over
		_, err := view.Do("click", "crash", []byte(`{"value":""}`))
		if _, ok := errors.AsType[*client.ChannelError](err); !ok {
			return fmt.Errorf("crash: got %v, want the end of the view", err)
		}
		if _, err := view.Rejoin(); err != nil {
			return err
		}
		view.Close()
	case 4: // a second join ends the first view
		if _, err := view.Rejoin(); err != nil {
			return err
		}
		view.Abort()
	}
	return nil
}

// rest waits until the process has come to rest, and returns its goroutines and
// its live heap: as soon as both are as few as wanted, or else when they have
// not changed for a while.
func rest(t *testing.T, wantGoroutines int, wantHeap uint64) (goroutines int, heap uint64) {
	t.Helper()
	const still = 10 // looks
	unchanged := 0
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline) && unchanged < still; {
		runtime.GC()
		runtime.GC() // the first one empties pools and runs finalizers, the second frees what they held
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		n := runtime.NumGoroutine()
		if n <= wantGoroutines && m.HeapAlloc <= wantHeap {
			return n, m.HeapAlloc
		}
		// A server learns of a connection's end in its own time: what is still
		// shrinking is not at rest.
		if unchanged++; n < goroutines || m.HeapAlloc+4<<10 < heap || goroutines == 0 {
			unchanged = 0
		}
		goroutines, heap = n, m.HeapAlloc
		timer := time.NewTimer(20 * time.Millisecond)
		<-timer.C // between two looks; the loop decides
	}
	return goroutines, heap
}

// stacks are those of all goroutines.
func stacks() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}
