package transport

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
)

// Memory that is nearly used up: who is there stays, nobody new comes in.
func TestFault99MemoryLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		var used atomic.Uint64
		s.memory = func() (uint64, uint64) { return used.Load(), 1 << 30 }
		a := s.connect(t)
		a.join("1", "lv:a")
		refused := func() bool {
			_, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
			var status ws.StatusError
			return errors.As(err, &status) && int(status) == 503
		}
		used.Store(950 << 20)
		time.Sleep(maxSweep)
		if !refused() {
			t.Error("a connection is let in with 95% of the memory in use")
		}
		// A page may be left for another one, and joined anew; no further view is
		// taken in, and those that are there go on.
		const refusal = `["%s","%s","%s","phx_reply",{"status":"error","response":{"reason":"the memory is used up"}}]`
		a.send(`["2","2","lv:b","phx_join",{}]`)
		a.want(fmt.Sprintf(refusal, "2", "2", "lv:b"))
		a.send(`["3","3","lv:a","phx_join",{}]`)
		a.want(`["1","1","lv:a","phx_close",{}]`, joinReply("3", "lv:a"))
		a.send(`["3","4","lv:a","echo",{}]`)
		a.want(`["3","4","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		a.send(`["3","5","lv:a","phx_leave",{}]`)
		a.want(`["3","3","lv:a","phx_close",{}]`, `["3","5","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		a.join("6", "lv:c")
		p := s.newPoller(t)
		resp, err := p.http.Do(p.request(t.Context(), http.MethodGet, nil))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Errorf("a long poll: %s, Retry-After %q, want 503", resp.Status, resp.Header.Get("Retry-After"))
		}
		if f := s.Figures(); !f.Full || f.Refused != 2 || f.RefusedJoins != 1 || f.Open != 1 {
			t.Errorf("the figures are %+v, want one connection, two refused and a join", f)
		}
		used.Store(900 << 20)
		time.Sleep(maxSweep)
		b := s.connect(t)
		b.join("1", "lv:a")
		b.join("2", "lv:b")
		used.Store(1 << 40)
		time.Sleep(maxSweep)
		if !refused() {
			t.Error("a connection is let in with no memory left")
		}
	})
}

// The runtime knows what is asked of it.
func TestMemoryInUse(t *testing.T) {
	before := debug.SetMemoryLimit(1 << 40)
	defer debug.SetMemoryLimit(before)
	runtime.GC()
	used, limit := memoryInUse()
	if limit != 1<<40 || used < 100<<10 || used > 10<<30 {
		t.Errorf("%d bytes of %d are in use", used, limit)
	}
}
