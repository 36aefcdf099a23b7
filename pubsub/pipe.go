package pubsub

import "fmt"

// Pipe carries bytes between the nodes of a hub, for what has a protocol of its
// own, as package presence does. What a node sends to a pipe reaches those who
// receive from the pipe of the same name on all other nodes, at most once.
type Pipe struct {
	hub  *Hub
	name string
}

// Pipe is the pipe of that name. The hub has joined others before it is used.
func (h *Hub) Pipe(name string) *Pipe { return &Pipe{h, name} }

// Node is this node's name, "" while the hub is not joined to others.
func (p *Pipe) Node() string { return p.hub.Node() }

// Send gives a message to all other nodes. It does not block, and does not keep
// the slice. An error says that it went nowhere.
func (p *Pipe) Send(message []byte) error {
	c := p.hub.cluster.Load()
	if c == nil {
		return errNotJoined
	}
	if err := CheckName(p.name); err != nil {
		return err
	}
	e := c.envelope(kindBytes)
	e.topic, e.body = p.name, message
	return c.send(&e)
}

// Receive has f called with each message of another node, which is f's to keep,
// from any goroutine, until stop is called or the hub leaves the others. F must
// not block. A panic in it is logged and ends nothing.
func (p *Pipe) Receive(f func(message []byte)) (stop func(), err error) {
	c := p.hub.cluster.Load()
	if c == nil {
		return nil, errNotJoined
	}
	if err := CheckName(p.name); err != nil {
		return nil, err
	}
	end := &pipeEnd{f}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pipes == nil {
		c.pipes = make(map[string]map[*pipeEnd]struct{})
	}
	if c.pipes[p.name] == nil {
		c.pipes[p.name] = make(map[*pipeEnd]struct{})
	}
	c.pipes[p.name][end] = struct{}{}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if delete(c.pipes[p.name], end); len(c.pipes[p.name]) == 0 {
			delete(c.pipes, p.name)
		}
	}, nil
}

// pipeEnd is one who receives.
type pipeEnd struct{ f func([]byte) }

func (c *cluster) handBytes(e *envelope) {
	c.mu.Lock()
	ends := make([]*pipeEnd, 0, len(c.pipes[e.topic]))
	for end := range c.pipes[e.topic] {
		ends = append(ends, end)
	}
	c.mu.Unlock()
	for _, end := range ends {
		c.callEnd(end, append([]byte(nil), e.body...))
	}
}

func (c *cluster) callEnd(end *pipeEnd, message []byte) {
	defer func() {
		if v := recover(); v != nil {
			c.hub.counts.panics.Add(1)
			c.warn("the receiver of a pipe panicked", "", fmt.Errorf("%v", v))
		}
	}()
	end.f(message)
}
