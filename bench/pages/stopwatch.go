package pages

import "time"

// batch is for how long a run has its turn: long enough to read the clock
// around it, and short enough to find a moment in which the machine does
// nothing else.
const batch = 300 * time.Microsecond

// A stopwatch keeps the fastest turn of a run.
type stopwatch struct {
	run   *Run
	n     int // renders of a turn
	i     int // changes so far
	least time.Duration
}

// start finds out how many renders make a turn. Of one that is undone only
// itself counts, so that it is timed alone.
func start(r *Run) (stopwatch, error) {
	s := stopwatch{run: r, n: 1, least: time.Hour}
	for {
		if err := s.turn(); err != nil {
			return s, err
		}
		if r.Undo != nil || s.least >= batch {
			return s, nil
		}
		s.n *= 2
		s.least = time.Hour
	}
}

// turn times some renders.
func (s *stopwatch) turn() error {
	from := s.i
	began := time.Now()
	for range s.n {
		if _, err := s.run.do(s.i); err != nil {
			return err
		}
		s.i++
	}
	s.least = min(s.least, time.Since(began))
	return s.run.undo(from)
}

// micros is the time of one render in the fastest turn.
func (s *stopwatch) micros() float64 {
	return float64(s.least.Nanoseconds()) / 1e3 / float64(s.n)
}
