package bennu

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

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
		if progressOf(w) == nil {
			w = &progress{ResponseWriter: w}
		}
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
	a.logFailure(r, status, err)
	if p := progressOf(w); p != nil {
		if p.hijacked {
			return
		}
		if p.begun {
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
// server's.
func (a *App) logFailure(r *http.Request, status int, err error) {
	ctx := r.Context()
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", status),
		slog.Any("err", err), slog.String("request_id", RequestID(r)),
	}
	gone := ctx.Err() != nil && errors.Is(err, context.Canceled)
	if status < 500 || gone {
		a.log.LogAttrs(ctx, slog.LevelDebug, "request refused", attrs...)
		return
	}
	var crash *live.PanicError
	if errors.As(err, &crash) {
		attrs = append(attrs, slog.String("stack", string(crash.Stack)))
	}
	a.log.LogAttrs(ctx, slog.LevelError, "request failed", attrs...)
}

// progress notes how far the answer has come.
type progress struct {
	http.ResponseWriter
	begun    bool // the header of the answer is written
	hijacked bool // the connection has another owner
}

// progressOf finds the progress that a writer of the App's layers stands on.
func progressOf(w http.ResponseWriter) *progress {
	for {
		switch t := w.(type) {
		case *progress:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}

// WriteHeader notes the header, if it is not one of a provisional answer.
func (p *progress) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		p.begun = true
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *progress) Write(b []byte) (int, error) {
	p.begun = true
	return p.ResponseWriter.Write(b)
}

// ReadFrom keeps the server's fast way from a file to the connection.
func (p *progress) ReadFrom(src io.Reader) (int64, error) {
	p.begun = true
	return io.Copy(p.ResponseWriter, src)
}

// Flush implements [http.Flusher].
func (p *progress) Flush() {
	// The interface has no error; FlushError is what reports one.
	_ = p.FlushError()
}

// FlushError is what [http.ResponseController] calls.
func (p *progress) FlushError() error {
	p.begun = true
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Hijack implements [http.Hijacker].
func (p *progress) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(p.ResponseWriter).Hijack()
	p.hijacked = p.hijacked || err == nil
	return conn, rw, err
}

// Unwrap lets [http.ResponseController] reach what the server's writer can do.
func (p *progress) Unwrap() http.ResponseWriter { return p.ResponseWriter }
