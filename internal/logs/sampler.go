package logs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	// whole is how many records of a kind are written in full before the others
	// are counted.
	whole = 5
	// interval is how often a line says how many were left out, and how long a
	// kind has to be quiet before its next record is written in full again.
	interval = 10 * time.Second
	// maxKinds bounds the kinds that are told apart.
	maxKinds = 256
	// maxError is how much of an error such a line shows.
	maxError = 300
)

// A Kind says which records are the same thing going wrong again. Its texts
// are shown in the log; those but the message may be empty.
type Kind struct {
	Level   slog.Level
	Message string
	View    string
	Event   string
	Route   string
	Worker  string
}

// A Sampler thins out the records of things that may go wrong over and over,
// by whoever's doing: the first of a kind are written in full, and then one
// line every ten seconds says how many were left out. So a view that crashes
// each time it is joined costs the log a few hundred bytes a second, however
// many clients join it.
//
// The zero Sampler is ready. Its methods may be called from any goroutine. It
// holds no goroutine, and a timer only while something has been left out. Its
// memory is bounded: above 256 kinds at a time, views and events are not told
// apart any more.
type Sampler struct {
	mu    sync.Mutex
	kinds map[Kind]*tally
	swept time.Time   // when kinds that had gone quiet were last forgotten
	timer *time.Timer // runs while something has been left out
}

// tally is what is known of one kind.
type tally struct {
	log   *slog.Logger
	whole int       // written in full since it was last quiet
	left  int       // left out since the last line
	last  time.Time // when the last record came
	err   string    // of the last that was left out
}

// Take reports whether the caller is to write this record in full. Otherwise it
// is counted, and the error of the last one, which may be nil, stands in the
// line that says so, written to the same log.
func (s *Sampler) Take(log *slog.Logger, k Kind, err error) bool {
	now := time.Now()
	s.mu.Lock()
	t := s.find(k, now)
	if now.Sub(t.last) >= interval {
		t.whole = 0
	}
	t.last = now
	if t.whole < whole {
		t.whole++
		s.mu.Unlock()
		return true
	}
	t.left++
	t.log = log
	if s.timer == nil {
		s.timer = time.AfterFunc(interval, s.Flush)
	}
	s.mu.Unlock()

	if err != nil {
		text := Cut(fmt.Sprint(err), maxError) // which outlives an Error method that panics
		s.mu.Lock()
		t.err = text
		s.mu.Unlock()
	}
	return false
}

// find is the tally of a kind. The caller holds mu.
func (s *Sampler) find(k Kind, now time.Time) *tally {
	if t := s.kinds[k]; t != nil {
		return t
	}
	if s.kinds == nil {
		s.kinds = make(map[Kind]*tally)
	}
	if len(s.kinds) >= maxKinds && now.Sub(s.swept) >= interval {
		s.swept = now
		for old, t := range s.kinds {
			if t.left == 0 && now.Sub(t.last) >= interval {
				delete(s.kinds, old)
			}
		}
	}
	if len(s.kinds) >= maxKinds {
		k = Kind{Level: k.Level, Message: k.Message} // of which a program has a few
		if t := s.kinds[k]; t != nil {
			return t
		}
	}
	t := new(tally)
	s.kinds[k] = t
	return t
}

// Flush writes the lines that are due now rather than later. Call it when the
// program ends.
func (s *Sampler) Flush() {
	type line struct {
		Kind
		log  *slog.Logger
		left int
		err  string
	}
	var lines []line
	s.mu.Lock()
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	for k, t := range s.kinds {
		if t.left > 0 {
			lines = append(lines, line{k, t.log, t.left, t.err})
			t.left, t.err, t.log = 0, "", nil
		}
	}
	s.mu.Unlock()
	for _, l := range lines {
		attrs := make([]slog.Attr, 0, 7)
		for _, a := range []slog.Attr{slog.String("view", l.View), slog.String("event", l.Event), slog.String("route", l.Route), slog.String("worker", l.Worker), slog.String("err", l.err)} {
			if a.Value.String() != "" {
				attrs = append(attrs, a)
			}
		}
		attrs = append(attrs, slog.Int("left_out", l.left))
		l.log.LogAttrs(context.Background(), l.Level, l.Message, attrs...)
	}
}
