package transport

import (
	"encoding/base64"
	"sync/atomic"

	"bennu/internal/wire"
	"bennu/live"
)

// A channel is one instance of a topic on a socket, from its join on: where
// its messages go, and the [live.Outlet] by which its receiver answers. Every
// message it sends carries its own join_ref, so that the client can tell a
// late one from those of a later instance.
//
// The outlet's methods run on the receiver's goroutine, one at a time, as
// live.Outlet demands; the rest is the reader's.
type channel struct {
	s    *socket
	proc live.Channel // set by the reader when the host has answered

	// head holds join_ref, topic and the join's ref, one behind the other.
	head            []byte
	joinLen, refLen uint8
	state           channelState // the receiver's
	gone            atomic.Bool  // cut off by the reader: nothing more is sent
	collected       *buffer      // the receiver's: written at Flush
}

type channelState uint8

const (
	joining channelState = iota // the join is not answered: nothing else may be said
	joined
	over // refused, closed or failed: nothing more may be said
)

// An Outlet is the way out of any receiver of a topic: what a view needs of it,
// and what plain channels do besides. All but Share follow the rules of
// [live.Outlet].
type Outlet interface {
	live.Outlet
	live.Gate
	// JoinReplyData answers the join with bytes, as JoinReply does with JSON.
	JoinReplyData(ok bool, data []byte)
	// ReplyData answers a message with bytes.
	ReplyData(ref []byte, ok bool, data []byte)
	// PushData sends bytes that answer nothing.
	PushData(event string, data []byte)
	// Share sends a broadcast at once, without copying it where that can be, and
	// never waits for the client. What was said before must have been flushed. It
	// may call the receiver's Stop.
	Share(*wire.Broadcast)
}

var _ Outlet = (*channel)(nil)

// newChannel is the instance that a join asks for; its refs are not null.
func newChannel(s *socket, f *wire.Frame) *channel {
	head := make([]byte, 0, len(f.JoinRef)+len(f.Topic)+len(f.Ref))
	head = append(append(append(head, f.JoinRef...), f.Topic...), f.Ref...)
	return &channel{s: s, head: head, joinLen: uint8(len(f.JoinRef)), refLen: uint8(len(f.Ref))}
}

func (c *channel) joinRef() []byte { return c.head[:c.joinLen:c.joinLen] }
func (c *channel) topic() []byte   { return c.head[c.joinLen : len(c.head)-int(c.refLen)] }
func (c *channel) ref() []byte     { return c.head[len(c.head)-int(c.refLen):] }

// stale reports whether a message was meant for an earlier instance.
func (c *channel) stale(f *wire.Frame) bool {
	return f.JoinRef != nil && string(f.JoinRef) != string(c.joinRef())
}

// JoinReply answers the join. Only the first answer counts.
func (c *channel) JoinReply(ok bool, response []byte) {
	if c.state != joining {
		return
	}
	c.append(len(response), func(b []byte) []byte {
		return wire.AppendReply(b, c.joinRef(), c.ref(), c.topic(), ok, response)
	})
	c.answered(ok)
}

// JoinReplyData answers the join with bytes.
func (c *channel) JoinReplyData(ok bool, data []byte) {
	if c.state != joining {
		return
	}
	c.replyData(c.ref(), ok, data)
	c.answered(ok)
}

func (c *channel) answered(ok bool) {
	if ok {
		c.state = joined
	} else {
		c.finish()
	}
}

// Reply answers a message.
func (c *channel) Reply(ref []byte, ok bool, response []byte) {
	if c.state != joined {
		return
	}
	c.append(len(response), func(b []byte) []byte {
		return wire.AppendReply(b, c.joinRef(), ref, c.topic(), ok, response)
	})
}

// ReplyData answers a message with bytes.
func (c *channel) ReplyData(ref []byte, ok bool, data []byte) {
	if c.state == joined {
		c.replyData(ref, ok, data)
	}
}

func (c *channel) replyData(ref []byte, ok bool, data []byte) {
	if c.s.link.carriesBinary() {
		c.appendBinary(len(data), func(b []byte) []byte {
			return wire.AppendBinaryReply(b, c.joinRef(), ref, c.topic(), ok, data)
		})
		return
	}
	text := asText(data)
	c.append(len(text), func(b []byte) []byte {
		return wire.AppendReply(b, c.joinRef(), ref, c.topic(), ok, text)
	})
}

// PushData sends bytes that answer nothing.
func (c *channel) PushData(event string, data []byte) {
	switch {
	case c.state != joined:
	case c.s.link.carriesBinary():
		c.appendBinary(len(data), func(b []byte) []byte {
			return wire.AppendBinaryPush(b, c.joinRef(), c.topic(), event, data)
		})
	default:
		c.Push(event, asText(data))
	}
}

// asText is how bytes go where there is text only: a JSON string in base64.
func asText(data []byte) []byte {
	b := make([]byte, 0, base64.StdEncoding.EncodedLen(len(data))+2)
	return append(base64.StdEncoding.AppendEncode(append(b, '"'), data), '"')
}

// Share sends a broadcast. It is said as the reader's own messages are: as far
// as the connection takes it at once, and the rest is queued.
func (c *channel) Share(b *wire.Broadcast) {
	if c.state == joined && !c.gone.Load() {
		c.s.link.say(c.s.link.form(b))
	}
}

// Push sends what answers nothing.
func (c *channel) Push(event string, payload []byte) {
	if c.state != joined {
		return
	}
	c.append(len(payload), func(b []byte) []byte {
		return wire.AppendPush(b, c.joinRef(), c.topic(), event, payload)
	})
}

// crashed is the answer to a join that ended without one.
var crashed = []byte(`{"reason":"join crashed"}`)

// Close ends the instance for good.
func (c *channel) Close() {
	switch c.state {
	case joining:
		c.JoinReply(false, crashed)
	case joined:
		c.append(0, func(b []byte) []byte { return wire.AppendClose(b, c.joinRef(), c.topic()) })
		c.finish()
	}
}

// Fail ends the instance so that the client joins again. Before the join was
// answered it refuses the join instead: there is no instance that could fail.
func (c *channel) Fail() {
	switch c.state {
	case joining:
		c.JoinReply(false, crashed)
	case joined:
		c.append(0, func(b []byte) []byte { return wire.AppendError(b, c.joinRef(), c.topic()) })
		c.finish()
	}
}

// Ended gives the instance's place on the socket back. It may come when the
// connection has ended.
func (c *channel) Ended() { c.s.vacate() }

// finish detaches the instance: its last words still go out at the next Flush,
// and messages for its topic no longer reach it.
func (c *channel) finish() {
	c.state = over
	c.s.remove(c)
}

// Flush writes what was collected.
func (c *channel) Flush() error {
	b := c.collected
	if b == nil {
		return nil
	}
	c.collected = nil
	err := c.s.link.send(b.b, &c.gone)
	giveWrite(b)
	return err
}

// append collects one text message, whose payload has that size.
func (c *channel) append(payload int, text func([]byte) []byte) { c.collect(payload, false, text) }

// appendBinary collects one binary message.
func (c *channel) appendBinary(payload int, data func([]byte) []byte) { c.collect(payload, true, data) }

func (c *channel) collect(payload int, binary bool, text func([]byte) []byte) {
	if c.gone.Load() {
		return
	}
	if c.collected == nil {
		c.collected = takeWrite()
	}
	b := c.collected
	start := len(b.b)
	size := payload + len(c.head) + len(`["","","","phx_reply",{"status":"ok","response":}]`)
	b.b = c.s.link.seal(text(c.s.link.open(b.b, size)), start, size, binary)
}
