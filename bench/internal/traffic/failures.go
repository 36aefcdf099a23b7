package traffic

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Failures counts errors by their text. The zero value is empty; it is safe for
// use by many goroutines.
type failures struct {
	mu    sync.Mutex
	count map[string]int
}

// maxTexts bounds the texts that are kept; the rest is counted together.
const maxTexts = 20

func (f *failures) add(err error) {
	if err == nil {
		return
	}
	text := err.Error()
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == nil {
		f.count = make(map[string]int)
	}
	if _, known := f.count[text]; !known && len(f.count) >= maxTexts {
		text = "others"
	}
	f.count[text]++
}

// total is how many there were so far.
func (f *failures) total() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.count {
		n += c
	}
	return n
}

// all are the failures so far, nil if there were none.
func (f *failures) all() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.count)
}

// Failed is an error that names the failures of a result, nil if it has none.
func Failed(count map[string]int) error {
	if len(count) == 0 {
		return nil
	}
	total := 0
	var texts []string
	for _, text := range slices.Sorted(maps.Keys(count)) {
		total += count[text]
		texts = append(texts, fmt.Sprintf("%d × %s", count[text], text))
	}
	return fmt.Errorf("traffic: %d operations failed: %s", total, strings.Join(texts, "; "))
}
