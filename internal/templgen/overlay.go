package templgen

import (
	"context"
	"sync"
)

// Overlay does what Tree does in memory: the texts are those of the files that
// Tree would write, by their paths; that of a file that it would remove is nil.
// Tools lay them over the directory to see the program as it will be.
func Overlay(ctx context.Context, root string) (Result, map[string][]byte, error) {
	out := &inMemory{texts: map[string][]byte{}}
	r, err := tree(ctx, root, out)
	return r, out.texts, err
}

// inMemory is an output that keeps what it gets.
type inMemory struct {
	mu    sync.Mutex
	texts map[string][]byte
}

func (m *inMemory) write(path string, text []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts[path] = text
	return nil
}

func (m *inMemory) remove(path string) error { return m.write(path, nil) }
