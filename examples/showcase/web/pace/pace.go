// Package pace keeps a view from doing something more often than it should.
package pace

import (
	"time"

	"bennu/live"
)

// Pace calls a function of a view at most once in an interval: at once when it
// is asked to, and once more when the interval is over if it was asked
// meanwhile. So nothing newest is ever left out. It is for the view's callbacks.
type Pace struct {
	every   time.Duration
	f       func(*live.Socket) error
	resting bool
	again   bool
}

// New makes a Pace for f.
func New(every time.Duration, f func(*live.Socket) error) *Pace { return &Pace{every: every, f: f} }

// Ask has f called, now or soon. Its error is f's.
func (p *Pace) Ask(s *live.Socket) error {
	if p.resting {
		p.again = true
		return nil
	}
	p.resting = true
	live.After(s, p.every, p.over)
	return p.f(s)
}

// over ends the interval.
func (p *Pace) over(s *live.Socket) error {
	p.resting = false
	if !p.again {
		return nil
	}
	p.again = false
	return p.Ask(s)
}
