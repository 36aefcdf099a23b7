package pages

import (
	"fmt"
	"runtime"
)

// Cost is what a change and the render that follows it cost.
type Cost struct {
	Micros float64 // the least that was seen
	Allocs int
	Bytes  int // of what comes out, at most
}

// A Result is a case with what its sides cost.
type Result struct {
	Case
	OwnAllocs       int    // of the page's own expressions
	Costs           []Cost // of Ours
	ByTempl, ByHTML Cost
}

// Measure runs all sides of a case in turn, for some rounds. What counts of a
// side is its fastest round: whatever else the machine does makes one slower,
// nothing makes it faster. Allocations are those of the whole process, in which
// nothing else should run.
func Measure(c Case, rounds int) (Result, error) {
	r := Result{Case: c}
	runs := make([]*Run, 0, len(c.Ours)+2)
	for _, side := range c.Ours {
		runs = append(runs, side.New())
	}
	runs = append(runs, c.ByTempl(), c.ByHTML())
	costs, err := measure(runs, rounds)
	if err != nil {
		return r, fmt.Errorf("%s: %w", c.Name, err)
	}
	for i, side := range c.Ours {
		if costs[i].Bytes, err = side.Bytes(); err != nil {
			return r, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	ours := len(c.Ours)
	r.Costs, r.ByTempl, r.ByHTML = costs[:ours], costs[ours], costs[ours+1]
	if c.Own != nil {
		r.OwnAllocs = allocs(func(int) { c.Own() })
	}
	return r, nil
}

func measure(runs []*Run, rounds int) ([]Cost, error) {
	costs := make([]Cost, len(runs))
	watches := make([]stopwatch, len(runs))
	for i, run := range runs {
		var err error
		if costs[i].Bytes, _, err = sent(run, 4); err != nil {
			return nil, err
		}
		costs[i].Allocs = Allocs(run)
		if watches[i], err = start(run); err != nil {
			return nil, err
		}
	}
	for range rounds {
		for i := range watches {
			if err := watches[i].turn(); err != nil {
				return nil, err
			}
		}
	}
	for i := range costs {
		costs[i].Micros = watches[i].micros()
	}
	return costs, nil
}

// Bytes is how many bytes the side makes of a change: the most, or the mean of
// many where chance decides.
func (s Side) Bytes() (int, error) {
	if s.Sample == nil {
		most, _, err := sent(s.New(), 4)
		return most, err
	}
	const samples, changes = 48, 4
	sum := 0
	for i := range samples {
		_, all, err := sent(s.Sample(fmt.Sprint("sample", i)), changes)
		if err != nil {
			return 0, err
		}
		sum += all
	}
	return sum / (samples * changes), nil
}

// sent is how many bytes a run makes of a change, at most, and of n changes.
func sent(r *Run, n int) (most, all int, err error) {
	for i := range n {
		bytes, err := r.do(i)
		if err != nil {
			return 0, 0, err
		}
		if err := r.undo(i); err != nil {
			return 0, 0, err
		}
		most = max(most, bytes)
		all += bytes
	}
	return most, all, nil
}

// Allocs is how many allocations a change and its render make. What undoes a
// change allocates, too: of such pairs half counts. Errors are left to sent.
func Allocs(r *Run) int {
	n := allocs(func(i int) {
		_, _ = r.do(i)
		_ = r.undo(i)
	})
	if r.Undo != nil {
		return n / 2
	}
	return n
}

// allocs is the mean number of allocations, without what happens now and then.
func allocs(op func(i int)) int {
	const n = 20
	op(0) // fills pools
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range n {
		op(i + 1)
	}
	runtime.ReadMemStats(&after)
	return int((after.Mallocs - before.Mallocs) / n)
}
