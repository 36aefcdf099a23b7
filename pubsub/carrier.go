package pubsub

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Carrier takes bytes from this node to others, at most once. It knows nothing
// of topics: it has one subscription for each node, and the hub does the rest.
// pubsubtest.TestCarrier holds one to these rules.
type Carrier interface {
	// Node is this node's name, 1 to 64 of a-z, A-Z, 0-9, - and _, which no other
	// node has at the same time.
	Node() string
	// Open begins to give what other nodes send to the receiver. It is called once.
	// An error is for what waiting does not cure; a broker that is not there is told
	// by Receiver.Away, and tried again.
	Open(ctx context.Context, to Receiver) error
	// Send gives a message to all other nodes; it may come back to this one, too.
	// It does not block, does not keep the slice, and gives the messages of this
	// node to each other node in order. An error says that it went nowhere, and is
	// ErrAway while the carrier knows that it reaches nobody. It may be called
	// from any goroutine, after Close as well.
	Send(message []byte) error
	// SendTo is Send to the nodes of one name. That there is none is no error.
	SendTo(node string, message []byte) error
	// Close ends all of it. When it returns the receiver is not called any more.
	Close() error
}

// Receiver is where a [Carrier] brings what it has. Its methods do not block,
// and may be called from any goroutine; the messages of one node one at a time.
type Receiver interface {
	// Receive takes a message of another node, or of this one. The bytes are the
	// carrier's again when it returns.
	Receive(message []byte)
	// Away says that nothing is carried for now, and why.
	Away(why error)
	// Back says that it is again. What was sent meanwhile may be lost.
	Back()
	// Lost says that messages for this node were lost, as many as that, or 0 if
	// that is not known: by a buffer that was full, say.
	Lost(messages int, why error)
}

// ErrAway is the error of messages that did not go to other nodes because the
// carrier reaches nobody. Subscribers of this node have got them.
var ErrAway = errors.New("pubsub: the carrier is away; the message went to this node only")

var errNotJoined = errors.New("pubsub: this hub is a node alone; join it to others by Hub.Join")

// A SizeError says that a message is too large for other nodes.
type SizeError struct {
	Topic     string
	Size, Max int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("pubsub: a message on topic %.60q has %d bytes, want at most %d between nodes (Cluster.MaxMessage): send an id, and let those who hear it load the rest", e.Topic, e.Size, e.Max)
}

// An UnknownNodeError says that no node of that name has been heard of.
type UnknownNodeError struct {
	Node  string
	Known []string // those that are
}

func (e *UnknownNodeError) Error() string {
	known := "no other is"
	if len(e.Known) > 0 {
		known = "known are " + strings.Join(e.Known, ", ")
	}
	return fmt.Sprintf("pubsub: no node %.80q is known here; %s", e.Node, known)
}

// A DuplicateNodeError says that two nodes that run have one name.
type DuplicateNodeError struct{ Node string }

func (e *DuplicateNodeError) Error() string {
	return fmt.Sprintf("pubsub: another node that runs is called %q as well: give each a name of its own, such as its host's, or wait until the other one has ended", e.Node)
}
