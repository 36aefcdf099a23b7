package traffic

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestBucketsCoverAllDurations(t *testing.T) {
	t.Parallel()
	last := -1
	for _, d := range []time.Duration{0, 1, 63, 64, 65, 127, 128, 129, 1000, 1 << 20, time.Second, time.Hour, 1<<62 + 1, 1<<63 - 1} {
		b := bucket(d)
		if b < last || b >= len(histogram{}.buckets) {
			t.Errorf("bucket(%d) = %d, want at least %d and below %d", d, b, last, len(histogram{}.buckets))
		}
		if top(b) < d {
			t.Errorf("top of the bucket of %d is %d", d, top(b))
		}
		last = b
	}
	if bucket(-5) != 0 {
		t.Error("a clock that goes back is no duration of its own")
	}
}

// TestQuantiles compares with the sorted durations themselves.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var h, half histogram
	var all []time.Duration
	for i := range 10_000 {
		d := time.Duration(r.ExpFloat64() * 1e6)
		all = append(all, d)
		if i%2 == 0 {
			h.add(d)
		} else {
			half.add(d)
		}
	}
	h.merge(&half)
	slices.Sort(all)
	for _, share := range []float64{0, .5, .95, .99, .999} {
		got, want := h.quantile(share), all[int(share*float64(len(all)))]
		if got < want || float64(got) > float64(want)*1.016+1 {
			t.Errorf("quantile(%v) = %v, want %v or up to 1.6 %% more", share, got, want)
		}
	}
	if got, want := h.quantile(1), all[len(all)-1]; got != want {
		t.Errorf("quantile(1) = %v, want the longest, %v", got, want)
	}
	if got := new(histogram).quantile(.5); got != 0 {
		t.Errorf("quantile of nothing = %v, want 0", got)
	}
}
