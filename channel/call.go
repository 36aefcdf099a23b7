package channel

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"bennu/live"
)

// ErrEnded is the error of a [Call] to a channel that has ended.
var ErrEnded = errors.New("channel: the channel has ended")

// RefOf is the address of a channel that a [Client] has joined, the zero Ref for
// anything else.
func RefOf(c live.Channel) Ref {
	p, _ := c.(*process)
	return Ref{p}
}

// Call runs f on the channel's own goroutine, between its callbacks and behind
// what waits for it, and returns what f returns. C is the channel's type, as in
// func(r *Room) int. It must not be called from a callback of the same channel,
// which would wait for itself until ctx ends.
func Call[C Channel, R any](ctx context.Context, r Ref, f func(C) R) (R, error) {
	if f == nil {
		panic(fmt.Sprintf("channel: Call wants a function, a func(%s) %s, got nil", reflect.TypeFor[C](), reflect.TypeFor[R]()))
	}
	var zero R
	if r.p == nil {
		return zero, ErrEnded
	}
	c := &call[C, R]{f: f, done: make(chan struct{})}
	if !r.p.post(item{local: c}) {
		return zero, ErrEnded
	}
	select {
	case <-c.done:
		return c.result, c.err
	case <-r.p.ctx.Done():
		select {
		case <-c.done:
			return c.result, c.err
		default:
			return zero, ErrEnded
		}
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

type call[C Channel, R any] struct {
	f      func(C) R
	result R
	err    error
	done   chan struct{}
}

func (c *call[C, R]) name() string { return fmt.Sprintf("call %T", c.f) }

func (c *call[C, R]) run(p *process) func(*Socket) error {
	return func(*Socket) error {
		defer close(c.done)
		channel, ok := p.channel.(C)
		if !ok {
			c.err = fmt.Errorf("channel: Call wants a channel of the type %s, got %T", reflect.TypeFor[C](), p.channel)
			return nil
		}
		c.err = errors.New("channel: the function of a Call panicked")
		c.result = c.f(channel)
		c.err = nil
		return nil
	}
}
