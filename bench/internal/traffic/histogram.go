package traffic

import (
	"math/bits"
	"time"
)

// A histogram counts durations in buckets whose width grows with the duration:
// 64 for each doubling, so that a quantile is off by less than 1.6 %.
//
// Below 64 ns a bucket is one nanosecond. From there the seven leading bits of
// the duration choose it: 1000 ns is 1111101000 in binary, its leading bits
// 1111101 are the 61st of the 64 numbers that have seven bits, and three bits
// follow them.
type histogram struct {
	n       uint64
	max     time.Duration
	sum     time.Duration
	buckets [64 * 58]uint32
}

// bucket is the index of a duration's bucket.
func bucket(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < 64 {
		return int(v)
	}
	follow := bits.Len64(v) - 7
	return (follow+1)*64 + int(v>>follow) - 64
}

// top is the longest duration of a bucket.
func top(i int) time.Duration {
	if i < 64 {
		return time.Duration(i)
	}
	follow := i/64 - 1
	return time.Duration((uint64(i%64)+64+1)<<follow - 1)
}

func (h *histogram) add(d time.Duration) {
	h.n++
	h.sum += d
	h.max = max(h.max, d)
	h.buckets[bucket(d)]++
}

func (h *histogram) merge(o *histogram) {
	h.n += o.n
	h.sum += o.sum
	h.max = max(h.max, o.max)
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
}

// quantile is a duration that the given share of all does not exceed.
func (h *histogram) quantile(share float64) time.Duration {
	want, seen := uint64(share*float64(h.n)), uint64(0)
	for i, n := range h.buckets {
		if seen += uint64(n); seen > want {
			return min(top(i), h.max)
		}
	}
	return h.max
}

// Latency says how long operations took, as their client saw it, in
// microseconds.
type Latency struct {
	Median float64 `json:"p50_us"`
	P95    float64 `json:"p95_us"`
	P99    float64 `json:"p99_us"`
	Max    float64 `json:"max_us"`
}

func (h *histogram) latency() Latency {
	return Latency{
		Median: micros(h.quantile(.50)), P95: micros(h.quantile(.95)), P99: micros(h.quantile(.99)), Max: micros(h.max),
	}
}

// micros is a duration in microseconds with one digit behind the point.
func micros(d time.Duration) float64 { return float64(d.Round(100*time.Nanosecond)) / 1e3 }
