package traffic

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"bennu/bench/internal/procstat"
)

// looksAt are looks, a second apart, at that many MiB.
func looksAt(mib ...int64) []Look {
	var looks []Look
	for i, m := range mib {
		looks = append(looks, Look{Seconds: float64(i + 1), RSSKiB: m << 10})
	}
	return looks
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		looks []Look
		grows bool
	}{
		"nothing":                     {nil, false},
		"too few to tell":             {looksAt(10, 20, 40, 80, 160, 320, 640), false},
		"level":                       {looksAt(100, 100, 101, 100, 99, 100, 100, 101), false},
		"warms up, then level":        {looksAt(10, 50, 100, 100, 100, 100, 101, 100), false},
		"without end":                 {looksAt(100, 110, 120, 130, 140, 150, 160, 170), true},
		"slowly, below a tenth":       {looksAt(100, 101, 102, 103, 104, 105, 106, 107), false},
		"a tenth, but of very little": {looksAt(20, 20, 21, 21, 23, 23, 26, 26), false},
		"one high look at the end":    {looksAt(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 300), false},
		"shrinks":                     {looksAt(300, 250, 200, 180, 150, 120, 110, 100), false},
	} {
		if got := growth(c.looks); len(got) > 0 != c.grows {
			t.Errorf("%s: growth = %q, want growth %v", name, got, c.grows)
		}
	}
}

func TestSteadyLeavesTheRampOut(t *testing.T) {
	t.Parallel()
	looks := looksAt(1, 2, 3, 4, 5)
	if got := steady(looks, 3*time.Second); len(got) != 2 || got[0].Seconds != 4 {
		t.Errorf("steady after 3 s = %v, want the last two", got)
	}
	if got := steady(looks, time.Minute); got != nil {
		t.Errorf("steady after a minute = %v, want none", got)
	}
}

func TestRemains(t *testing.T) {
	t.Parallel()
	before := &procstat.Inside{Goroutines: 5, HeapBytes: 1 << 20}
	for name, c := range map[string]struct {
		after *procstat.Inside
		peak  int
		want  int
	}{
		"the same":                      {before, 1000, 0},
		"less":                          {&procstat.Inside{Goroutines: 1}, 1000, 0},
		"a few goroutines":              {&procstat.Inside{Goroutines: 13, HeapBytes: 1 << 20}, 1000, 0},
		"goroutines":                    {&procstat.Inside{Goroutines: 14, HeapBytes: 1 << 20}, 1000, 1},
		"heap":                          {&procstat.Inside{Goroutines: 5, HeapBytes: 4 << 20}, 5, 1},
		"heap of the runtime's records": {&procstat.Inside{Goroutines: 5, HeapBytes: 4 << 20}, 5000, 0},
		"both":                          {&procstat.Inside{Goroutines: 5000, HeapBytes: 64 << 20}, 5000, 2},
		"no figures":                    {nil, 5000, 0},
	} {
		if got := remains(before, c.after, c.peak); len(got) != c.want {
			t.Errorf("%s: remains = %q, want %d findings", name, got, c.want)
		}
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	var f failures
	if f.add(nil); Failed(f.all()) != nil {
		t.Error("no failure is an error")
	}
	for range 3 {
		f.add(errors.New("b"))
	}
	f.add(errors.New("a"))
	if got, want := Failed(f.all()).Error(), "traffic: 4 operations failed: 1 × a; 3 × b"; got != want {
		t.Errorf("Failed = %q, want %q", got, want)
	}
	for i := range 100 {
		f.add(fmt.Errorf("text %d", i))
	}
	if n := len(f.all()); n != maxTexts+1 {
		t.Errorf("%d texts are kept, want %d and the others", n, maxTexts)
	}
}
