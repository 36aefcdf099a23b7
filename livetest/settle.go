package livetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Settle waits until the background tasks of the page's views, those of live.Go
// and live.Load, have ended and all that they have led to is shown. It fails the
// test with the names of tasks that run longer than Options.Deadline. It sleeps
// nowhere: it is told when a task ends. Timers and what other goroutines
// broadcast are not waited for; RequireText and the Want methods wait for what
// these bring.
func (v *View) Settle() {
	v.t.Helper()
	v.calm()
}

// calm is Settle, of a page that may have been sent away or left.
func (b *tab) calm() {
	b.t.Helper()
	b.look()
	if err := b.calmDown(); err != nil {
		b.t.Fatalf("livetest: %v", err)
	}
}

// calmDown asks all views for an answer until, twice in a row, nothing but the
// answers comes and no task has run meanwhile.
func (b *tab) calmDown() error {
	for quiet := 0; quiet < 2; {
		started, err := b.tasksEnded()
		if err != nil || b.socket == nil {
			return err
		}
		before := len(b.frames)
		asked, err := b.askAll()
		if err != nil {
			return err
		}
		running, now, _ := b.site.witness.Running()
		if quiet++; len(b.frames) > before+2*asked || now != started || len(running) > 0 {
			quiet = 0
		}
	}
	return nil
}

// tasksEnded waits until no task runs; it returns how many have ever started.
func (b *tab) tasksEnded() (started int, err error) {
	timer := time.NewTimer(b.opts.Deadline)
	defer timer.Stop()
	for {
		names, started, changed := b.site.witness.Running()
		if len(names) == 0 {
			return started, nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return 0, fmt.Errorf("background tasks have not ended within %v: %s; let the test end what they wait for, or give Options.Deadline more time", b.opts.Deadline, strings.Join(names, ", "))
		}
	}
}

// askAll sends each view a message that means nothing and waits for the answers.
func (b *tab) askAll() (asked int, err error) {
	for _, v := range b.joinedViews() {
		asked++
		_, err := v.send(v.nextRef(), "cids_destroyed", cidList{[]int{}}, "a message that means nothing", func(bool, json.RawMessage) error { return nil })
		if err != nil {
			return asked, err
		}
	}
	return asked, b.settle("a message that means nothing")
}
