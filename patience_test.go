package bennu

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// serveInBubble runs f in a bubble of fake time against an App that serves.
func serveInBubble(t *testing.T, app *App, f func(l *pipeListener)) {
	t.Helper()
	l := newPipeListener()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.Serve(ctx, l) }()
	f(l)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// unread is what a client can still read of an answer that it takes only after
// some time.
func unread(t *testing.T, l *pipeListener, path string, after time.Duration) string {
	t.Helper()
	conn := l.dial()
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	b, _ := io.ReadAll(conn) // what was cut off ends in an error or not
	return string(b)
}

const tooLong = writeTimeout + renewAfter

// Not parallel: a bubble of synctest has no parallel tests.
func TestClientsThatDoNotReadAreCutOff(t *testing.T) {
	large := strings.Repeat("x", 10*writePiece)
	for _, tt := range []struct {
		name    string
		handler Handler
	}{
		{"a page", reply("small")},
		{"an answer without a body", func(http.ResponseWriter, *http.Request) error { return nil }},
		{"an error page", func(http.ResponseWriter, *http.Request) error { return NotFound }},
		{"a large answer", reply(large)},
		{"a flushed answer", func(w http.ResponseWriter, _ *http.Request) error { return http.NewResponseController(w).Flush() }},
		{"a copied answer", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.Copy(w, io.LimitReader(strings.NewReader(large), 1<<20))
			return err
		}},
		{"after work", func(w http.ResponseWriter, _ *http.Request) error {
			time.Sleep(2 * writeTimeout)
			return reply("small")(w, nil)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log lines
				app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
				app.Get("/", tt.handler)
				serveInBubble(t, app, func(l *pipeListener) {
					if got := unread(t, l, "/", 3*tooLong); got != "" {
						t.Errorf("after %v the client could still read %.80q", 3*tooLong, got)
					}
				})
				if text := log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") {
					t.Errorf("a client's fault is logged as one of the server:\n%s", text)
				}
			})
		})
	}
}

// Not parallel: a bubble of synctest has no parallel tests.
func TestSlowClientsAreServed(t *testing.T) {
	large := bytes.Repeat([]byte("x"), 10*writePiece)
	for _, tt := range []struct {
		name string
		body func(w http.ResponseWriter) error
	}{
		{"one write", func(w http.ResponseWriter) error { _, err := w.Write(large); return err }},
		{"one copy", func(w http.ResponseWriter) error {
			_, err := io.Copy(w, struct{ io.Reader }{bytes.NewReader(large)})
			return err
		}},
		{"a copy of a part", func(w http.ResponseWriter) error {
			_, err := io.CopyN(w, io.MultiReader(bytes.NewReader(large), strings.NewReader("more")), int64(len(large)))
			return err
		}},
		{"work between writes", func(w http.ResponseWriter) error {
			_, err := w.Write(large[:1])
			time.Sleep(2 * writeTimeout)
			if err == nil {
				_, err = w.Write(large[1:])
			}
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := newTestApp(t, Options{})
				app.Get("/", func(w http.ResponseWriter, _ *http.Request) error {
					w.Header().Set("Content-Length", "1310720")
					w.Header().Set("Content-Type", "text/plain")
					return tt.body(w)
				})
				serveInBubble(t, app, func(l *pipeListener) {
					conn := l.dial()
					defer conn.Close()
					if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
						t.Fatal(err)
					}
					start, n, buf := time.Now(), 0, make([]byte, writePiece)
					for {
						got, err := io.ReadAtLeast(conn, buf, len(buf))
						n += got
						if err != nil {
							break
						}
						time.Sleep(writeTimeout - 2*renewAfter)
					}
					if took := time.Since(start); n < len(large) || took < 5*writeTimeout {
						t.Errorf("the client got %d bytes in %v, want all of %d and slowly", n, took, len(large))
					}
				})
			})
		})
	}
}

// Not parallel: a bubble of synctest has no parallel tests.
func TestHandlersSetDeadlinesOfTheirOwn(t *testing.T) {
	for deadline, cut := range map[time.Duration]bool{time.Second: true, 10 * writeTimeout: false} {
		synctest.Test(t, func(t *testing.T) {
			app := newTestApp(t, Options{})
			app.Get("/", func(w http.ResponseWriter, r *http.Request) error {
				if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(deadline)); err != nil {
					return err
				}
				return reply("small")(w, r)
			})
			serveInBubble(t, app, func(l *pipeListener) {
				wait := 3 * time.Second
				if !cut {
					wait = 3 * tooLong
				}
				if got := unread(t, l, "/", wait); (got == "") != cut {
					t.Errorf("a deadline of %v: after %v the client could read %q", deadline, wait, got)
				}
			})
		})
	}
}

// Not parallel: a bubble of synctest has no parallel tests.
func TestDeadlineOfAnEarlierRequestIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := newTestApp(t, Options{})
		app.Get("/", reply("front"))
		app.Post("/", func(w http.ResponseWriter, r *http.Request) error {
			_, err := io.Copy(w, r.Body) // makes the server write "100 Continue"
			return err
		})
		serveInBubble(t, app, func(l *pipeListener) {
			conn := l.dial()
			defer conn.Close()
			read := func(want string) {
				t.Helper()
				buf, got := make([]byte, 4096), ""
				for !strings.Contains(got, want) {
					n, err := conn.Read(buf)
					if got += string(buf[:n]); err != nil {
						t.Fatalf("got %q, %v, want %q", got, err, want)
					}
				}
			}
			if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			read("front")
			time.Sleep(writeTimeout + 30*time.Second) // less than the server's idleTimeout
			if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			read("100 Continue")
			if _, err := io.WriteString(conn, "body"); err != nil {
				t.Fatal(err)
			}
			read("body")
		})
	})
}

// fileWriter is a server's writer that sends files; it notes what it is given.
type fileWriter struct {
	nullWriter
	from   []string
	failed error
}

func (w *fileWriter) SetWriteDeadline(time.Time) error { return w.failed }

func (w *fileWriter) ReadFrom(src io.Reader) (int64, error) {
	l, ok := src.(*io.LimitedReader)
	if !ok {
		return 0, errors.New("no part of anything")
	}
	switch l.R.(type) {
	case *os.File:
		w.from = append(w.from, "file")
	default:
		w.from = append(w.from, "other")
	}
	return io.Copy(io.Discard, src)
}

// The system sends a file only if the server sees that it is one.
func TestFilesAreSentByTheSystem(t *testing.T) {
	t.Parallel()
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const size = 2*writePiece + 1
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	for _, src := range []io.Reader{f, io.LimitReader(f, size), io.LimitReader(f, 2*size)} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		under := &fileWriter{nullWriter: nullWriter{http.Header{}}}
		w := &response{ResponseWriter: under, patience: patience{timeout: writeTimeout}}
		n, err := w.ReadFrom(src)
		if n != size || err != nil || strings.Join(under.from, " ") != "file file file" {
			t.Errorf("%T: %d bytes, %v, by %v; want %d, of a file each time", src, n, err, under.from, size)
		}
	}
	// A writer without deadlines is asked once and then left alone.
	under := &fileWriter{nullWriter: nullWriter{http.Header{}}, failed: http.ErrNotSupported}
	w := &response{ResponseWriter: under, patience: patience{timeout: writeTimeout}}
	if _, err := w.Write(make([]byte, size)); err != nil || w.patience.timeout != 0 {
		t.Errorf("without deadlines: %v, timeout %v", err, w.patience.timeout)
	}
}
