package supervisor

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"bennu/internal/logs"
)

type watcher struct{ f func() }

// Watch calls f after each change of the tree: a child, here or anywhere below,
// has started, ended, is stopping or stuck, waits for its restart, has come or
// gone. It may be called from several goroutines at a time, and must return at
// once: it tells somebody who then asks [Supervisor.Tree].
//
// The function that it returns ends the calls; one may still be under way.
func (s *Supervisor) Watch(f func()) (stop func()) {
	w := &watcher{f}
	s.watching.Lock()
	defer s.watching.Unlock()
	if s.watchers == nil {
		s.watchers = make(map[*watcher]struct{})
	}
	s.watchers[w] = struct{}{}
	return func() {
		s.watching.Lock()
		defer s.watching.Unlock()
		delete(s.watchers, w)
	}
}

// notify tells all who watch, here and above. The caller holds no lock.
func (s *Supervisor) notify() {
	for at := s; at != nil; at = at.parent.Load() {
		at.watching.Lock()
		var all []*watcher
		for w := range at.watchers {
			all = append(all, w)
		}
		at.watching.Unlock()
		for _, w := range all {
			at.call(w)
		}
	}
}

// call contains what a watcher does.
func (s *Supervisor) call(w *watcher) {
	defer func() {
		if v := recover(); v != nil {
			err := fmt.Errorf("panic: %v", v)
			log := s.logger()
			if s.sampler.Take(log, logs.Kind{Level: slog.LevelError, Message: "watcher panicked", Worker: s.path()}, err) {
				log.Error("watcher panicked", slog.String("worker", s.path()), slog.Any("err", err), slog.String("stack", string(debug.Stack())))
			}
		}
	}()
	w.f()
}
