package transport

import (
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"
)

func TestBucketIsSmall(t *testing.T) {
	t.Parallel()
	if n := unsafe.Sizeof(bucket{}); n != 16 {
		t.Errorf("a bucket has %d bytes, each connection has one", n)
	}
}

// Whoever waits as long as the bucket says never gets more through than the
// burst and the rate, and one look's worth.
func TestBucketHoldsTheRate(t *testing.T) {
	t.Parallel()
	for range 200 {
		o := Options{EventRate: 1 + rand.IntN(1000), EventBurst: 1 + rand.IntN(1000)}.withDefaults()
		r := newRate(&o)
		var b bucket
		var now time.Duration
		passed, batch := 0, 0
		for range 2000 {
			n := 1 + rand.IntN(50)
			batch = max(batch, n)
			b.spent += uint32(n) * textCost
			passed += n
			if !b.due(&r) {
				continue
			}
			pause, _ := b.look(&r, now)
			if pause == longestPause { // what came at once was more than a second's worth
				continue
			}
			now += pause
			allowed := float64(o.EventBurst) + now.Seconds()*float64(o.EventRate)*1.001 + float64(o.EventRate) + 50 + 32
			if float64(passed) > allowed && o.EventRate > 50 {
				t.Fatalf("%+v: %d messages passed in %v", r, passed, now)
			}
			if rand.IntN(10) == 0 {
				now += time.Duration(rand.IntN(int(time.Second)))
			}
		}
	}
}

func TestBucketForgets(t *testing.T) {
	t.Parallel()
	o := Options{}.withDefaults()
	r := newRate(&o)
	var b bucket
	var now time.Duration
	over := func() (flood bool) {
		b.spent += 700 * textCost
		pause, flood := b.look(&r, now)
		if pause == 0 && !flood {
			t.Errorf("700 messages at once are not too many at %v", now)
		}
		return flood
	}
	// Too much for nine seconds, a break, too much again: nobody is closed.
	for range 5 {
		for range 9 {
			if over() {
				t.Fatalf("closed at %v", now)
			}
			now += time.Second
		}
		now += 3 * time.Second
		b.spent += textCost
		if pause, flood := b.look(&r, now); pause != 0 || flood {
			t.Errorf("one message after a break: pause %v, flood %v", pause, flood)
		}
	}
	for range 10 {
		over()
		now += time.Second
	}
	if !over() {
		t.Errorf("not closed after ten seconds")
	}
}

func TestNoRate(t *testing.T) {
	t.Parallel()
	o := Options{EventRate: Unlimited}.withDefaults()
	r := newRate(&o)
	b := bucket{spent: 1 << 31}
	if b.due(&r) {
		t.Error("a limit without a rate")
	}
	// Any rate and burst work, the smallest and the largest.
	for _, n := range []int{1, 2, 1 << 30, 1<<63 - 1} {
		for _, burst := range []int{0, 1, 1<<63 - 1} {
			o := Options{EventRate: n, EventBurst: burst}.withDefaults()
			r := newRate(&o)
			b := bucket{spent: textCost * 2}
			if pause, _ := b.look(&r, time.Second); pause < 0 || pause > longestPause || r.unit <= 0 || r.look == 0 || r.burst <= 0 {
				t.Errorf("rate %d, burst %d: %+v, pause %v", n, burst, r, pause)
			}
		}
	}
}
