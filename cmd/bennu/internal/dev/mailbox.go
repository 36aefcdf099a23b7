package dev

import "sync"

// mailbox brings what other goroutines have to say to the one that decides.
// Putting something in never waits, so that the one may wait for the others.
type mailbox struct {
	mu      sync.Mutex
	queue   []func()
	arrived chan struct{} // holds a token while the queue may not be empty
}

func newMailbox() *mailbox { return &mailbox{arrived: make(chan struct{}, 1)} }

// put adds a function for the deciding goroutine to call.
func (m *mailbox) put(f func()) {
	m.mu.Lock()
	m.queue = append(m.queue, f)
	m.mu.Unlock()
	select {
	case m.arrived <- struct{}{}:
	default:
	}
}

// take empties the mailbox.
func (m *mailbox) take() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	queue := m.queue
	m.queue = nil
	return queue
}
