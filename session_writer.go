package bennu

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"

	"bennu/live"
)

// sessionWriter is one request's session together with its way out: it saves
// the session when the response's header is about to be written, by whichever
// method.
type sessionWriter struct {
	http.ResponseWriter
	sessions *sessions
	request  *http.Request

	load  sync.Once
	found foundSession // of load
	err   error        // of load: the store failed
	saved bool         // the header is written

	mask  [csrfLen]byte // makes this response's CSRF token
	flash flashState
}

// open is the request's session, loaded at the first call.
func (w *sessionWriter) open() (*live.Session, error) {
	w.load.Do(func() {
		w.found, w.err = w.sessions.find(w.request)
		if w.err != nil {
			w.err = Status(http.StatusServiceUnavailable, w.err)
			return
		}
		if w.found.session == nil {
			w.found.session = new(live.Session)
		}
		if w.saved {
			w.found.session.Seal()
		}
	})
	return w.found.session, w.err
}

// save runs before the header goes out; only its first call counts.
func (w *sessionWriter) save() {
	if w.saved {
		return
	}
	w.saved = true
	if w.err != nil || w.found.session == nil {
		return // it is not known, or nobody asked for it
	}
	w.found.session.Seal()
	w.sessions.save(w.Header(), w.request, w.found)
}

// WriteHeader saves the session before a final status, not before a 1xx.
func (w *sessionWriter) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.save()
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *sessionWriter) Write(b []byte) (int, error) {
	w.save()
	return w.ResponseWriter.Write(b)
}

// ReadFrom keeps the server's fast way from a file to the connection.
func (w *sessionWriter) ReadFrom(src io.Reader) (int64, error) {
	w.save()
	return io.Copy(w.ResponseWriter, src)
}

// Flush implements [http.Flusher].
func (w *sessionWriter) Flush() {
	// The interface has no error; FlushError is what reports one.
	_ = w.FlushError()
}

// FlushError is what [http.ResponseController] calls.
func (w *sessionWriter) FlushError() error {
	w.save()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack implements [http.Hijacker]. Whoever hijacks writes a header of his
// own, which carries no cookie.
func (w *sessionWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil && !w.saved {
		w.saved = true
		if w.found.session != nil {
			w.found.session.Seal()
		}
	}
	return conn, rw, err
}

// Unwrap lets [http.ResponseController] reach what the server's writer can do.
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
