package traffic

import (
	"fmt"
	"slices"
	"time"

	"bennu/bench/internal/procstat"
)

// How a soak decides that memory grows without end.
//
// While visitors are there, the resident memory must come to a plateau. The
// looks of the steady time, which is what comes after the ramp, are cut into
// four quarters. The first is for pools and the collector to find their size.
// It grows when the median of the last quarter is above that of the second by
// more than a tenth and more than growthKiB.
//
// When they are gone, what the server tells of itself must be as before the
// first came: at most moreGoroutines more goroutines, and a live heap at most
// moreHeap larger, besides what the Go runtime keeps for each goroutine that
// there ever was at once.
const (
	growthKiB      = 8 << 10
	moreGoroutines = 8
	moreHeap       = 2 << 20
	// perGoroutine is the runtime's own record of a goroutine, which it uses
	// again and never frees: 440 bytes in Go 1.26, and its place in two lists.
	perGoroutine = 512
)

// steady are the looks after the ramp.
func steady(looks []Look, ramp time.Duration) []Look {
	i := slices.IndexFunc(looks, func(l Look) bool { return l.Seconds > ramp.Seconds() })
	if i < 0 {
		return nil
	}
	return looks[i:]
}

// growth says what is wrong with the memory of the steady time.
func growth(looks []Look) []string {
	if len(looks) < 8 {
		return nil // two looks in each quarter are the least that a median can be of
	}
	quarter := len(looks) / 4
	second, last := medianRSS(looks[quarter:2*quarter]), medianRSS(looks[len(looks)-quarter:])
	if last > second+second/10 && last > second+growthKiB {
		return []string{fmt.Sprintf("%d KiB were resident in the second quarter of the steady time and %d KiB in the last, which is more by over a tenth and over %d KiB",
			second, last, growthKiB)}
	}
	return nil
}

func medianRSS(looks []Look) int64 {
	var all []int64
	for _, l := range looks {
		all = append(all, l.RSSKiB)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// peak is the largest number of goroutines seen.
func peak(looks []Look) int {
	n := 0
	for _, l := range looks {
		n = max(n, l.Goroutines)
	}
	return n
}

// remains says what is left of the visitors after they have gone.
func remains(before, after *procstat.Inside, peak int) []string {
	if before == nil || after == nil {
		return nil
	}
	var left []string
	if n := after.Goroutines - before.Goroutines; n > moreGoroutines {
		left = append(left, fmt.Sprintf("%d goroutines remain, at most %d may", n, moreGoroutines))
	}
	allowed := int64(moreHeap) + int64(max(0, peak-before.Goroutines))*perGoroutine
	if more := int64(after.HeapBytes) - int64(before.HeapBytes); more > allowed {
		left = append(left, fmt.Sprintf("%d bytes of live heap remain, at most %d may", more, allowed))
	}
	return left
}
