package transport

import (
	"errors"
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
		a.send(`["1","1","lv:b","phx_join",{}]`)
		a.want(joinReply("1", "lv:b"))
		used.Store(900 << 20)
		time.Sleep(maxSweep)
		s.connect(t)
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
