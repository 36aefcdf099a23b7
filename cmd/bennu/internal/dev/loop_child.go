package dev

import (
	"time"

	"bennu/cmd/bennu/internal/problem"
)

const (
	// slowStart is when we say that an app takes long to get ready.
	slowStart = 10 * time.Second
	// longLife is how long an app has to have run for its end not to be the
	// fault of its start: then it is worth another one.
	longLife = 2 * time.Second
)

// running is the app that serves or is about to.
func (l *loop) running() *child {
	if l.next != nil {
		return l.next
	}
	return l.current
}

// launch starts the program of the last build, beside the app that serves. At
// the very start it waits for scripts and styles, so that the first page is
// whole.
func (l *loop) launch() {
	if !l.pages.ready || l.builds.sum == "" {
		return
	}
	if l.next != nil {
		l.next.process.Kill() // it has not served anybody
		l.next = nil
	}
	l.launched = l.builds.sum
	l.apps.Add(1)
	c, err := l.site.startChild(l.port, l.cfg, l.secret, childEvents{
		ready: func(c *child) { l.inbox.put(func() { l.childReady(c) }) },
		exited: func(c *child, err error) {
			defer l.apps.Done()
			l.inbox.put(func() { l.childExited(c, err) })
		},
	})
	if err != nil {
		l.apps.Done()
		l.failed(fromApp, err)
		return
	}
	l.next = c
	l.stopHint()
	l.hint = time.AfterFunc(slowStart, func() {
		l.inbox.put(func() {
			if l.next == c {
				l.say("still waiting for the app to be ready: it is when it calls app.ListenAndServe")
			}
		})
	})
}

func (l *loop) stopHint() {
	if l.hint != nil {
		l.hint.Stop()
	}
}

// childReady makes the new app the one that serves. It accepts connections
// already, so that the old one may go.
func (l *loop) childReady(c *child) {
	if c != l.next {
		return
	}
	l.stopHint()
	old := l.current
	l.current, l.next = c, nil
	c.ready = time.Now()
	delete(l.problems, fromApp)
	if old != nil {
		old.handover()
	}
	if l.waiting != nil {
		l.waiting.stop()
		l.waiting = nil
	}
	l.show()
	if len(l.shown) > 0 {
		l.tellProblems() // what is still wrong with scripts or styles
	}
	took := time.Since(l.builds.began).Milliseconds()
	if !l.greeted {
		l.greeted = true
		l.say("ready in %d ms → %s", took, l.port.url())
		return
	}
	l.say("%s → running in %d ms", l.builds.why, took)
}

// childExited deals with an app that ended though nobody asked it to.
func (l *loop) childExited(c *child, err error) {
	switch c {
	case l.next:
		l.stopHint()
		l.next = nil
		l.found(fromApp, []problem.Problem{l.site.crash(err, c.errors.String(), false)})
	case l.current:
		l.current = nil
		w, waitErr := startWaiting(l.port)
		if waitErr != nil {
			l.say("%v", waitErr)
		}
		l.waiting = w
		l.found(fromApp, []problem.Problem{l.site.crash(err, c.errors.String(), true)})
		if l.next == nil && time.Since(c.ready) > longLife {
			l.say("starting it again")
			l.builds.began = time.Now()
			l.launch()
		}
	}
}
