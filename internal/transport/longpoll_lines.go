package transport

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
)

// pollLines takes the messages of a POST from its body, one line after the
// other, as they arrive. It holds one line and what was read behind it, however
// many lines follow: a body is never split as a whole.
type pollLines struct {
	body    io.Reader
	buf     *buffer
	at, end int    // what is read and not taken yet
	longest int    // a line may have, in bytes
	most    int    // lines that are taken
	count   int    // that were taken
	before  func() // called before a read, which may wait
	eof     bool
}

func newPollLines(body io.Reader, o *Options, before func()) *pollLines {
	return &pollLines{
		body: body, buf: takeRead(), before: before, most: o.MaxPollLines,
		longest: max(o.MaxMessage, base64.StdEncoding.EncodedLen(o.MaxBinary)),
	}
}

// next is the next line, which has at least one byte and is good until the next
// call. More is false at the end; a cause is what is wrong.
func (l *pollLines) next() (line []byte, cause Cause, more bool) {
	for seen := 0; ; {
		rest := l.buf.b[l.at:l.end]
		i := bytes.IndexByte(rest[seen:], '\n')
		switch {
		case i >= 0:
			i += seen
			l.at += i + 1
			return l.taken(rest[:i])
		case len(rest) > l.longest+1: // and a carriage return
			return nil, TooBig, false
		case l.eof && len(rest) == 0:
			return nil, causeNone, false
		case l.eof:
			l.at = l.end
			return l.taken(rest)
		}
		seen = len(rest)
		if cause := l.fill(); cause != causeNone {
			return nil, cause, false
		}
	}
}

// taken checks a line.
func (l *pollLines) taken(line []byte) ([]byte, Cause, bool) {
	line = bytes.TrimSuffix(line, []byte{'\r'})
	switch {
	case l.count == l.most, len(line) > l.longest:
		return nil, TooBig, false
	case len(line) == 0:
		return nil, BadMessage, false
	}
	l.count++
	return line, causeNone, true
}

// fill reads more.
func (l *pollLines) fill() Cause {
	b := l.buf.b
	switch {
	case l.at > 0:
		l.end = copy(b, b[l.at:l.end])
		l.at = 0
	case l.end == len(b):
		// What arrives makes the room, not what a header promises.
		grown := &buffer{make([]byte, min(2*len(b), l.longest+2+readSize))}
		copy(grown.b, b)
		giveRead(l.buf)
		l.buf = grown
	}
	l.before()
	for range maxEmptyReads {
		n, err := l.body.Read(l.buf.b[l.end:])
		l.end += n
		var limit *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			l.eof = true
			return causeNone
		case errors.As(err, &limit):
			return TooBig
		case errors.Is(err, os.ErrDeadlineExceeded):
			return Unfinished
		case err != nil:
			return ClientGone
		case n > 0:
			return causeNone
		}
	}
	return ClientGone
}

// maxEmptyReads bounds how often a body may give nothing and no error.
const maxEmptyReads = 100

// release gives the buffer back.
func (l *pollLines) release() { giveRead(l.buf) }
