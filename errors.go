package bennu

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"bennu/internal/logs"
	"bennu/internal/witness"
	"bennu/live"
)

// handle is a [Handler] as the table holds it: what it returns becomes an error
// page.
func (a *App) handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}

// guard turns panics of what comes after it into error pages. The panic by
// which a handler cuts its connection off goes on to the server.
func (a *App) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			a.fail(w, r, &live.PanicError{Value: v, Stack: debug.Stack()})
		}()
		next.ServeHTTP(w, r)
	})
}

// fail answers a request that ended in an error, by the error page of its
// status, and logs it. When the answer has already begun, the connection is cut
// off, so that nobody takes what came for the whole; a connection that was
// taken over is left to its new owner.
func (a *App) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := statusOf(err)
	if status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	answer := responseOf(w)
	a.logFailure(r, status, err, answer != nil && answer.lost != nil && errors.Is(err, answer.lost))
	if answer != nil {
		if answer.hijacked {
			return
		}
		if answer.begun() {
			panic(http.ErrAbortHandler)
		}
	}
	h := w.Header()
	for _, name := range []string{
		"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Content-Range",
		"Accept-Ranges", "Cache-Control", "Etag", "Last-Modified", "Location",
	} {
		h.Del(name) // of the answer that did not come about
	}
	a.writeError(w, r, status, err)
}

// logFailure logs an error where it is handled: as an error if it is the
// server's and not that of a client that has gone. Of those that come again and
// again most are only counted.
func (a *App) logFailure(r *http.Request, status int, err error, gone bool) {
	ctx := r.Context()
	attrs := []slog.Attr{
		slog.String("method", cut(r.Method, maxQuoted)), slog.String("path", a.loggedPath(r)), slog.Int("status", status),
		slog.Any("err", err), slog.String("request_id", RequestID(r)),
	}
	var suspect *suspectError
	gone = gone || ctx.Err() != nil && errors.Is(err, context.Canceled)
	switch {
	case errors.As(err, &suspect):
		if a.sampler.Take(a.log, logs.Kind{Level: slog.LevelWarn, Message: "request refused", Route: r.Pattern}, err) {
			a.log.LogAttrs(ctx, slog.LevelWarn, "request refused", attrs...)
		}
		return
	case status < 500 || gone:
		a.log.LogAttrs(ctx, slog.LevelDebug, "request refused", attrs...)
		return
	}
	witness.From(ctx).Fail("", err)
	if !a.sampler.Take(a.log, logs.Kind{Level: slog.LevelError, Message: "request failed", Route: r.Pattern}, err) {
		return
	}
	var crash *live.PanicError
	if errors.As(err, &crash) {
		attrs = append(attrs, slog.String("stack", string(crash.Stack)))
	}
	a.log.LogAttrs(ctx, slog.LevelError, "request failed", attrs...)
}
