package transport

import "time"

const (
	// floodTime is how long a client may go on sending more than it may before
	// it is closed. Until then it is only read more slowly.
	floodTime = 10 * time.Second
	// longestPause is how long the reading of one connection pauses at a time.
	longestPause = time.Second

	// What messages cost. A chunk of an upload, which the client sends when the
	// one before is acknowledged, must not make an upload a flood.
	textCost   = 8
	binaryCost = 1
)

// A rate is how fast messages may come, in the terms of a bucket. The zero rate
// has no limit.
type rate struct {
	unit  time.Duration // in which a unit of cost flows back into a bucket
	burst time.Duration // in which an empty bucket fills
	look  uint32        // cost after which a bucket looks at the time
}

func newRate(o *Options) rate {
	if o.EventRate < 0 {
		return rate{}
	}
	perSecond, burst := min(o.EventRate, 1e6), max(1, min(o.EventBurst, 1e8)) // no reader is faster
	unit := time.Second / time.Duration(perSecond*textCost)
	return rate{
		unit:  unit,
		burst: unit * textCost * time.Duration(burst),
		look:  uint32(textCost * max(1, min(32, burst/4))),
	}
}

// A bucket paces the messages of one connection. It is a token bucket kept as
// one point in time, the one at which it will be full again (the generic cell
// rate algorithm): what is taken out moves it into the future, and when it is
// further away than an empty bucket takes to fill, too much was taken. So it
// needs no timer, and a person's clicks do not even ask for the time.
type bucket struct {
	full  time.Duration // of the server's clock, when the bucket is full again
	over  uint32        // the second of that clock, plus one, since when it is overdrawn; 0: it is not
	spent uint32        // cost of what came since the last look at the clock
}

// due reports that so much has come that look is to be called.
func (b *bucket) due(r *rate) bool { return r.unit > 0 && b.spent >= r.look }

// look settles what was spent. Pause is how long to wait before reading on, and
// flood that this has been so for floodTime.
func (b *bucket) look(r *rate, now time.Duration) (pause time.Duration, flood bool) {
	b.full = max(b.full, now) + r.unit*time.Duration(b.spent)
	b.spent = 0
	pause = b.full - now - r.burst
	switch {
	case pause > 0:
		// What came at once is not held against it for longer than it is paused.
		pause = min(pause, longestPause)
		b.full = now + r.burst + pause
		second := uint32(now/time.Second) + 1
		if b.over == 0 {
			b.over = second
		}
		return pause, second-b.over >= uint32(floodTime/time.Second)
	case b.full-now <= r.burst/2:
		b.over = 0
	}
	return 0, false
}
