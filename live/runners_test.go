package live

import (
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// Views whose callbacks wait hold up the others no longer than a moment, however
// many there are.
func TestRunnersWhenCallbacksWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, block := new(Runtime), make(chan struct{})
		var waiting []*run
		for range 10 * usual {
			waiting = append(waiting, startIn(t, &counter{block: block}, Spec{}, rt))
		}
		quick := startIn(t, new(counter), Spec{}, rt)
		quick.out.take()
		for _, r := range waiting {
			r.send("1", "wait", `{}`)
		}
		quick.send("1", "nothing", `{}`)
		time.Sleep(20 * lookEvery) // of the test's own clock
		synctest.Wait()
		if got := quick.out.take(); len(got) != 1 {
			t.Errorf("a view beside %d that wait has said %q", len(waiting), got)
		}
		close(block)
		for _, r := range waiting {
			r.end()
		}
		quick.end()
		time.Sleep(time.Second)
		synctest.Wait()
		if q := &rt.runners; q.active != 0 || q.looked || len(q.queue) != 0 {
			t.Errorf("afterwards %d runners, a look due: %t, %d in the queue", q.active, q.looked, len(q.queue))
		}
	})
}

// end ends the view.
func (r *run) end() { r.p.Stop(Left); synctest.Wait() }

// A message to many views takes a few goroutines.
func TestRunnersOfABroadcast(t *testing.T) {
	const views = 2000
	rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
	most := 0
	all := make([]*Process, views)
	for i := range all {
		all[i] = rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: new(counter), Name: "counter", ID: fmt.Sprint(i)}, nil })
	}
	rest := func(want int) {
		for deadline := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
			rt.runners.mu.Lock()
			most = max(most, rt.runners.active)
			idle := rt.runners.active == 0 && rt.runners.head == len(rt.runners.queue)
			rt.runners.mu.Unlock()
			if idle && rt.Views() == want {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("the views do not rest")
			}
		}
	}
	rest(views)
	for range 3 {
		for _, p := range all {
			p.Deliver(Message{Ref: []byte("1"), Event: "event", Payload: []byte(`{"type":"click","event":"nothing","value":{}}`)})
		}
		rest(views)
	}
	for _, p := range all {
		p.Stop(Left)
	}
	rest(0)
	t.Logf("at most %d runners for %d views", most, views)
}

// A queue that is never empty keeps the memory of those that wait, and not of all
// that have passed through it.
func TestRunnersQueueThatIsNeverEmpty(t *testing.T) {
	var q runners
	views := make([]Process, 100_000)
	q.put(&views[0])
	q.put(&views[1])
	for i := range len(views) - 2 {
		if got := q.take(); got != &views[i] {
			t.Fatalf("the %dth that was taken is another one", i)
		}
		q.put(&views[i+2])
	}
	if n := len(q.queue) - q.head; n != 2 || cap(q.queue) > 16 {
		t.Errorf("a queue in which two wait has %d, and room for %d", n, cap(q.queue))
	}
}
