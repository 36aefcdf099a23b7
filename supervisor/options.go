package supervisor

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Options say how a [Supervisor] works; the zero Options are good ones.
type Options struct {
	// Name is what logs and the tree call it; "" is "supervisor".
	Name string
	// Strategy says who else is restarted with a child; the zero value is
	// OneForOne.
	Strategy Strategy
	// Intensity is how many restarts are too many.
	Intensity Intensity
	// Backoff is how long restarts wait.
	Backoff Backoff
	// Log takes failures, restarts and children that are stuck; nil is
	// [slog.Default]. Of a child that fails over and over most lines are only
	// counted.
	Log *slog.Logger
}

// Strategy says which children are restarted when one has ended.
type Strategy uint8

const (
	// OneForOne restarts that child alone.
	OneForOne Strategy = iota
	// RestForOne restarts it and those behind it, which were built on it.
	RestForOne
	// OneForAll restarts all.
	OneForAll
)

// String is the strategy in words.
func (s Strategy) String() string {
	return name(int(s), "one for one", "rest for one", "one for all")
}

// Intensity is how many restarts a supervisor makes within a period. One more,
// and it stops its children and fails itself, which its own supervisor deals
// with, or whoever has called [Supervisor.Run].
type Intensity struct {
	// Restarts of all children together; 0 is 3, Unlimited any number, and with
	// NoRestarts the first is one too many.
	Restarts int
	// Period is the time in which they count; 0 is 5 s.
	Period time.Duration
}

// Backoff is how long a child that has failed waits for its restart: not at all
// the first time, then First, and twice as long each time up to Most, give or
// take a quarter.
type Backoff struct {
	// First is the wait after the second failure in a row; 0 is 100 ms, negative
	// none, ever.
	First time.Duration
	// Most is the longest wait; 0 is 10 s.
	Most time.Duration
	// Reset is how long a child has to run for its failures to be forgotten; 0 is
	// 30 s.
	Reset time.Duration
}

// complete fills in the defaults and says what is wrong.
func (o Options) complete() (Options, error) {
	var wrong []error
	if o.Name == "" {
		o.Name = "supervisor"
	}
	if o.Strategy > OneForAll {
		wrong = append(wrong, fmt.Errorf("Options.Strategy is %d, want OneForOne, RestForOne or OneForAll", o.Strategy))
	}
	if r := o.Intensity.Restarts; r < NoRestarts {
		wrong = append(wrong, fmt.Errorf("Options.Intensity.Restarts is %d, want a number, Unlimited or NoRestarts", r))
	}
	if o.Intensity.Period < 0 || o.Backoff.Most < 0 || o.Backoff.Reset < 0 {
		wrong = append(wrong, errors.New("Options: a time is negative"))
	}
	if o.Intensity.Restarts == 0 {
		o.Intensity.Restarts = 3
	}
	if o.Intensity.Period == 0 {
		o.Intensity.Period = 5 * time.Second
	}
	if o.Backoff.First == 0 {
		o.Backoff.First = 100 * time.Millisecond
	}
	if o.Backoff.Most == 0 {
		o.Backoff.Most = 10 * time.Second
	}
	if o.Backoff.Reset == 0 {
		o.Backoff.Reset = 30 * time.Second
	}
	return o, errors.Join(wrong...)
}
