package lifetime

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := new(Context)
		derived, cancel := context.WithCancel(c)
		defer cancel()
		ran := make(chan bool, 2)
		c.AfterFunc(func() { ran <- true })
		stop := c.AfterFunc(func() { t.Error("a stopped AfterFunc ran") })
		if !stop() || stop() {
			t.Error("stop = false then true, want true then false")
		}
		if c.Err() != nil {
			t.Errorf("Err before the end = %v", c.Err())
		}
		c.Cancel()
		c.Cancel()
		synctest.Wait()
		select {
		case <-c.Done():
		default:
			t.Error("Done is open after cancel")
		}
		select {
		case <-derived.Done():
		default:
			t.Error("a derived context is open after cancel")
		}
		if !errors.Is(c.Err(), context.Canceled) {
			t.Errorf("Err = %v, want Canceled", c.Err())
		}
		<-ran
		c.AfterFunc(func() { ran <- true })
		<-ran
	})
}
