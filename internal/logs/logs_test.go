package logs

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"aéé", 3, "aé…"}, {"aéé", 2, "a…"}, {"é", 1, "…"},
		{"€€€", 5, "€…"}, {"\xf0\x9f\x98\x80x", 3, "…"}, {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80…"},
	} {
		if got := Cut(tt.text, tt.n); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.text, tt.n, got, tt.want)
		}
	}
}

// text is a log to read in a test.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *text) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }

func (l *text) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := strings.TrimSpace(l.b.String())
	l.b.Reset()
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func newLog() (*text, *slog.Logger) {
	l := new(text)
	return l, slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func TestSampler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Sampler
		out, log := newLog()
		k := Kind{Level: slog.LevelError, Message: "view crashed", View: "Cart", Event: "add"}
		take := func(n int) (written int) {
			for i := range n {
				if s.Take(log, k, fmt.Errorf("crash %d", i)) {
					written++
				}
			}
			return written
		}
		if got := take(1000); got != whole {
			t.Errorf("%d of 1000 records are written, want %d", got, whole)
		}
		if !s.Take(log, Kind{Level: slog.LevelError, Message: "view crashed", View: "Cart", Event: "remove"}, nil) {
			t.Error("another event of the view is left out")
		}
		time.Sleep(interval - time.Second)
		take(1)
		time.Sleep(2 * time.Second)
		want := `level=ERROR msg="view crashed" view=Cart event=add err="crash 0" left_out=996`
		if got := out.take(); len(got) != 1 || got[0] != want {
			t.Errorf("after the interval: %q, want %q", got, want)
		}
		// It goes on: still none in full, and a line an interval.
		for range 10 {
			if got := take(7); got != 0 {
				t.Errorf("%d records are written in full while it goes on, want none", got)
			}
			time.Sleep(interval / 2)
		}
		time.Sleep(interval / 2)
		synctest.Wait() // a line is due at this very time
		if got := out.take(); len(got) < 3 || len(got) > 5 {
			t.Errorf("%d lines in five intervals, want one in each: %q", len(got), got)
		}
		// Nothing more comes, and nothing more is said; then it begins anew.
		time.Sleep(10 * interval)
		if got := out.take(); len(got) != 0 {
			t.Errorf("lines about nothing: %q", got)
		}
		if got := take(1); got != 1 {
			t.Error("after a quiet time the first record is left out")
		}
		take(whole + 3)
		s.Flush()
		if got := out.take(); len(got) != 1 || !strings.Contains(got[0], "left_out=4") {
			t.Errorf("Flush wrote %q, want the 4 that are left out", got)
		}
		time.Sleep(2 * interval)
		if got := out.take(); len(got) != 0 {
			t.Errorf("after Flush: %q", got)
		}
	})
}

// Faults, row 67: however many kinds there are, the memory for them is bounded
// and so is what is written.
func TestFault67KindsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Sampler
		_, log := newLog()
		written := 0
		for i := range 20_000 {
			if s.Take(log, Kind{Level: slog.LevelError, Message: "view crashed", View: "Cart", Event: fmt.Sprint("event ", i)}, nil) {
				written++
			}
		}
		if n := len(s.kinds); n > maxKinds+1 || written > (maxKinds+1)*whole {
			t.Errorf("%d kinds are kept and %d records written, want at most %d and %d", n, written, maxKinds+1, (maxKinds+1)*whole)
		}
		// Those that have gone quiet make room.
		time.Sleep(2 * interval)
		if !s.Take(log, Kind{Level: slog.LevelError, Message: "view crashed", View: "Other"}, nil) || len(s.kinds) != 1 {
			t.Errorf("%d kinds are kept after a quiet time, want the new one", len(s.kinds))
		}
	})
}

type badError struct{}

func (badError) Error() string { panic("no words") }

// An error that cannot be shown harms nobody.
func TestErrorThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Sampler
		out, log := newLog()
		for range 10 {
			s.Take(log, Kind{Message: "m"}, badError{})
		}
		s.Take(log, Kind{Message: "m"}, errors.Join(badError{}, errors.New(strings.Repeat("long ", 1000))))
		s.Flush()
		if got := out.take(); len(got) != 1 || !strings.Contains(got[0], "PANIC") || len(got[0]) > 500 {
			t.Errorf("wrote %.600q", got)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var s Sampler
	_, log := newLog()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				s.Take(log, Kind{Message: "m"}, errors.New("x"))
			}
			s.Flush()
		})
	}
	wg.Wait()
}
