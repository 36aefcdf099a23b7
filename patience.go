package bennu

import (
	"io"
	"net/http"
	"time"
)

const (
	// writeTimeout is how long a client may take for each writePiece of an
	// answer. One that takes less is cut off; a long download of one that takes
	// more may last as long as it wants.
	writeTimeout = time.Minute
	writePiece   = 128 << 10
	// renewAfter is the age at which a deadline is set anew: a page is written
	// in less time and sets it once.
	renewAfter = time.Second
)

// patience is the write deadline of one response. It moves on as long as the
// client takes what is written, which the deadline of an [http.Server] does
// not. The zero patience has none.
type patience struct {
	timeout time.Duration // 0: there is no deadline
	renewed time.Time     // when it was set
}

// renew gives the client time from now on.
func (p *patience) renew(w http.ResponseWriter) {
	if p.timeout == 0 || !p.renewed.IsZero() && time.Since(p.renewed) < renewAfter {
		return
	}
	now := time.Now()
	p.renewed = now
	if err := http.NewResponseController(w).SetWriteDeadline(now.Add(p.timeout)); err != nil {
		p.timeout = 0 // the server's writer has no deadlines
	}
}

// write writes in pieces, with time for each of them.
func (p *patience) write(w http.ResponseWriter, b []byte) (int, error) {
	written := 0
	for p.timeout > 0 && len(b)-written > writePiece {
		p.renew(w)
		n, err := w.Write(b[written : written+writePiece])
		if written += n; err != nil {
			return written, err
		}
	}
	p.renew(w)
	n, err := w.Write(b[written:])
	return written + n, err
}

// readFrom copies in pieces, with time for each of them. The server's writer
// can have the system send a file of which an [io.LimitedReader] is a part.
func (p *patience) readFrom(w http.ResponseWriter, src io.Reader) (int64, error) {
	if p.timeout == 0 {
		return io.Copy(w, src)
	}
	limited, ok := src.(*io.LimitedReader)
	if !ok {
		limited = &io.LimitedReader{R: src, N: 1<<63 - 1}
	}
	piece := io.LimitedReader{R: limited.R}
	written := int64(0)
	for limited.N > 0 {
		size := min(limited.N, writePiece)
		piece.N = size
		p.renew(w)
		n, err := io.Copy(w, &piece)
		written += n
		limited.N -= size - piece.N // what was read
		if err != nil || piece.N > 0 {
			return written, err // piece.N: the source has ended
		}
	}
	return written, nil
}

// SetWriteDeadline is what [http.ResponseController] calls: a handler that sets
// a deadline of its own keeps it.
func (w *response) SetWriteDeadline(deadline time.Time) error {
	if err := http.NewResponseController(w.ResponseWriter).SetWriteDeadline(deadline); err != nil {
		return err
	}
	w.patience = patience{}
	return nil
}
