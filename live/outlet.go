package live

import (
	"context"
	"sync/atomic"
)

// Message is one request of the client to a running view: a push on its topic.
// The receiver owns the bytes once it was delivered.
type Message struct {
	// Ref is the client's reference; the reply carries it back unchanged.
	Ref []byte
	// Event is the kind of the message on the wire ("event", "live_patch", …),
	// not the name of an app's event.
	Event string
	// Payload is the JSON value that came with it, not yet checked, or any bytes
	// if Binary is set.
	Payload []byte
	// Binary marks a message that came in a binary frame.
	Binary bool
	// Waiting, if not nil, counts the payload while the message waits in a
	// mailbox.
	Waiting *Backlog

	local local // from inside the server, in place of the others
}

// A Backlog is a count of the bytes that wait in mailboxes. The views of one
// connection share one. Its methods may be called from any goroutine.
type Backlog struct {
	bytes atomic.Int64
	// All, if not nil, is a count that is kept along: that of all connections.
	All *atomic.Int64
}

// Add counts n more bytes, or fewer.
func (b *Backlog) Add(n int) {
	b.bytes.Add(int64(n))
	if b.All != nil {
		b.All.Add(int64(n))
	}
}

// Bytes is how many wait.
func (b *Backlog) Bytes() int64 { return b.bytes.Load() }

// Outlet is the way out of a view to its client, one per joined topic. A
// transport implements it; a [Process] calls it, from one goroutine at a time.
//
// What the calls say is collected and goes out in one write at Flush, in call
// order. Bytes handed over are copied before a call returns. After Close, Fail
// or a refused join nothing more is sent for this topic, whatever is called.
type Outlet interface {
	// JoinReply answers the join, first of all messages. With ok false the
	// topic is detached: the client was refused and nothing follows.
	// The response is a whole JSON object.
	JoinReply(ok bool, response []byte)
	// Reply answers the client's message with this ref; the response is a
	// whole JSON object.
	Reply(ref []byte, ok bool, response []byte)
	// Push sends a message that answers nothing; the payload is a whole JSON
	// object.
	Push(event string, payload []byte)
	// Close ends the topic for good (phx_close): the client does not come back.
	Close()
	// Fail ends the topic as crashed (phx_error): the client joins again.
	Fail()
	// Flush writes what was collected. An error means that the client is gone.
	Flush() error
	// Ended is the last call: nothing of the view runs any more. It comes once,
	// after a refused join too.
	Ended()
}

// A Gate bounds how many views mount at a time for one client, so that a
// client whose joins are slow holds up its own and nobody else's. An [Outlet]
// may be one besides.
type Gate interface {
	// EnterMount waits for a turn to mount, or returns the context's error.
	EnterMount(ctx context.Context) error
	// LeaveMount gives the turn back.
	LeaveMount()
}

// Channel is a joined topic as a transport sees it.
type Channel interface {
	// Deliver hands over a message and never blocks. False means that the
	// receiver is too far behind and did not take it.
	Deliver(Message) bool
	// Stop asks the receiver to end; its context is cancelled at once, its
	// goroutine ends by itself. Stop does not block; only the first reason counts.
	// With [Drained] it first handles what it was handed, and takes nothing more;
	// a Stop for another reason then ends it at once.
	Stop(Reason)
}
