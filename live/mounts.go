package live

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// defaultMounts is how many views may mount at a time.
	defaultMounts = 1000
	// pagePatience is how long the dead render of a page waits for its turn.
	pagePatience = 5 * time.Second
)

// mounts bounds how many views mount at a time, so that a crowd that comes at
// once waits in line and does not take the memory and the database of those who
// are there.
type mounts struct {
	once  sync.Once
	turns chan struct{} // holds one entry for each that mounts; nil: no limit
}

// try takes a turn if there is one.
func (r *Runtime) try() bool {
	r.mounts.once.Do(func() {
		switch {
		case r.Mounts == 0:
			r.mounts.turns = make(chan struct{}, defaultMounts)
		case r.Mounts > 0:
			r.mounts.turns = make(chan struct{}, r.Mounts)
		}
	})
	if r.mounts.turns == nil {
		return true
	}
	select {
	case r.mounts.turns <- struct{}{}:
		return true
	default:
		return false
	}
}

// enter waits for a turn. The error is the context's.
func (r *Runtime) enter(ctx context.Context) error {
	if r.try() {
		return nil
	}
	select {
	case r.mounts.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave gives a turn back.
func (r *Runtime) leave() {
	if r.mounts.turns != nil {
		<-r.mounts.turns
	}
}

// enterPage is enter for a page, whose visitor is told to come again when it
// takes too long.
func (r *Runtime) enterPage(ctx context.Context) error {
	if r.try() {
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	err := r.enter(patient)
	if err == nil || ctx.Err() != nil {
		return err
	}
	r.log().LogAttrs(ctx, slog.LevelWarn, "page refused", slog.Int("mounts", cap(r.mounts.turns)))
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
