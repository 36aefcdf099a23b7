package bennu

import (
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestFreshConnsAreWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		defer func() { _, _ = a.Close(), b.Close() }()
		f := newFreshConns()
		f.wait(time.Hour) // there are none: at once

		f.observe(a, http.StateNew)
		f.observe(b, http.StateNew)
		began, waited := time.Now(), make(chan struct{})
		go func() { f.wait(time.Hour); close(waited) }()
		synctest.Wait()
		f.observe(a, http.StateActive)
		f.observe(a, http.StateIdle)
		synctest.Wait()
		select {
		case <-waited:
			t.Error("wait returned while a connection was fresh")
		default:
		}
		f.observe(b, http.StateClosed)
		<-waited
		if d := time.Since(began); d != 0 {
			t.Errorf("waited %v longer than needed", d)
		}

		f.observe(a, http.StateNew)
		began = time.Now()
		f.wait(freshTime)
		if d := time.Since(began); d != freshTime {
			t.Errorf("waited %v for one that stays fresh, want %v", d, freshTime)
		}
	})
}
