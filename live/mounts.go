package live

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"bennu/internal/logs"
)

const (
	// defaultMounts is how many views may mount at a time.
	defaultMounts = 1000
	// pagePatience is how long the dead render of a page waits for its turn.
	pagePatience = 5 * time.Second
)

// mounts bounds how many views mount at a time, so that a crowd that comes at
// once waits in line and does not take the memory and the database of those who
// are there. Pages and joins have a line each: whoever fills the one with slow
// joins keeps nobody from the other.
type mounts struct {
	once  sync.Once
	turns chan struct{} // holds one entry for each that mounts; nil: no limit
}

// try takes a turn if there is one. Most is Runtime.Mounts.
func (m *mounts) try(most int) bool {
	m.once.Do(func() {
		switch {
		case most == 0:
			m.turns = make(chan struct{}, defaultMounts)
		case most > 0:
			m.turns = make(chan struct{}, most)
		}
	})
	if m.turns == nil {
		return true
	}
	select {
	case m.turns <- struct{}{}:
		return true
	default:
		return false
	}
}

// enter waits for a turn. The error is the context's.
func (m *mounts) enter(ctx context.Context, most int) error {
	if m.try(most) {
		return nil
	}
	select {
	case m.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave gives a turn back.
func (m *mounts) leave() {
	if m.turns != nil {
		<-m.turns
	}
}

// enterPage waits for the turn of a page, whose visitor is told to come again
// when it takes too long.
func (r *Runtime) enterPage(ctx context.Context) error {
	if r.pages.try(r.Mounts) {
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	err := r.pages.enter(patient, r.Mounts)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if r.sampled(logs.Kind{Level: slog.LevelWarn, Message: "page refused"}, nil) {
		r.log().LogAttrs(ctx, slog.LevelWarn, "page refused", slog.Int("mounts", cap(r.pages.turns)))
	}
	return errBusy
}

// errBusy is the answer to a page that did not get its turn.
var errBusy = busyError{}

type busyError struct{}

func (busyError) Error() string {
	return "live: too many views are mounting, and none has made room in time"
}

// HTTPStatus is 503.
func (busyError) HTTPStatus() int { return http.StatusServiceUnavailable }

// RetryAfter is when to come again.
func (busyError) RetryAfter() time.Duration { return pagePatience }
