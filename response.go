package bennu

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// response is the way out of one request. It stands between the server and all
// layers and knows how far the answer has come: what of the header was written,
// who has the connection. The session is saved when the header is about to be
// written, by whichever method.
type response struct {
	http.ResponseWriter
	status   int             // of the header that is written, 0 before
	hijacked bool            // the connection has another owner
	lost     error           // by which the connection said that the client takes nothing any more
	session  *requestSession // nil outside of the session's layer
	patience patience        // with a client that does not read
}

// responseOf finds the response that a writer of the App's layers, or one of
// somebody's middleware around it, stands on; nil if there is none.
func responseOf(w http.ResponseWriter) *response {
	for {
		switch t := w.(type) {
		case *response:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}

// begun reports that the header of the answer is written.
func (w *response) begun() bool { return w.status != 0 }

// sent is the status for the log; a handler that wrote nothing has said 200.
func (w *response) sent() int {
	switch {
	case w.hijacked:
		return http.StatusSwitchingProtocols
	case w.status == 0:
		return http.StatusOK
	}
	return w.status
}

// begin is what comes before the header. When the session can not be saved it
// panics, and the answer has not begun.
func (w *response) begin(status int) {
	if w.status != 0 {
		return
	}
	if w.session != nil {
		w.session.save(w.Header(), status)
	}
	w.status = status
}

// WriteHeader begins the answer, if the status is not a provisional one.
func (w *response) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.patience.write(w.ResponseWriter, b)
	return n, w.observe(err)
}

// ReadFrom keeps the server's fast way from a file to the connection.
func (w *response) ReadFrom(src io.Reader) (int64, error) {
	w.begin(http.StatusOK)
	n, err := w.patience.readFrom(w.ResponseWriter, src)
	return n, w.observe(err)
}

// Flush implements [http.Flusher].
func (w *response) Flush() {
	// The interface has no error; FlushError is what reports one.
	_ = w.FlushError()
}

// FlushError is what [http.ResponseController] calls.
func (w *response) FlushError() error {
	w.begin(http.StatusOK)
	w.patience.renew(w.ResponseWriter)
	return w.observe(http.NewResponseController(w.ResponseWriter).Flush())
}

// observe passes an error on and notes it if it is the connection's. An error
// of what is copied, of another connection say, is not.
func (w *response) observe(err error) error {
	var op *net.OpError
	if err != nil && errors.As(err, &op) && (op.Op == "write" || op.Op == "readfrom") {
		w.lost = op
	}
	return err
}

// Hijack implements [http.Hijacker]. Whoever hijacks writes a header of his
// own, which carries no cookie.
func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return conn, rw, err
	}
	w.hijacked = true
	w.patience = patience{} // the connection's new owner has deadlines of his own
	if w.session != nil {
		w.session.seal()
	}
	return conn, rw, nil
}

// Unwrap lets [http.ResponseController] reach what the server's writer can do.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
