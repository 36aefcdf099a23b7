package prom

import (
	"strings"
	"sync"
)

const (
	fewest = 200     // names that have metrics of their own
	others = "other" // those of the rest
)

// few keeps names few that a program may put together, as of one task for each
// file: those that come first are labels, and the others one label together.
type few struct {
	mu    sync.RWMutex
	known map[string]bool
}

// label is a name as a label.
func (f *few) label(name string) string {
	name = strings.ToValidUTF8(name, "\ufffd")
	f.mu.RLock()
	known := f.known[name]
	f.mu.RUnlock()
	if known {
		return name
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.known[name] && len(f.known) >= fewest {
		return others
	}
	if f.known == nil {
		f.known = make(map[string]bool)
	}
	f.known[name] = true
	return name
}
