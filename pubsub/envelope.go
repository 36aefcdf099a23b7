package pubsub

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A message between nodes is a head of fixed size, four texts with their
// lengths before them, a version, and the body up to the end:
//
//	mark, protocol, kind (1 byte each) · fingerprint (8) · epoch (8) · number (8)
//	node · to · topic · type · version of the type · body
//
// to is the node that it is for, none for all of them. Numbers are counted for
// each of these streams on its own, so that whoever receives one sees what is
// missing in it.
const (
	mark     = 0xb3
	protocol = 1
	headSize = 3 + 8 + 8 + 8
	numberAt = headSize - 8
)

// kind is what a message between nodes is about.
type kind uint8

const (
	kindMessage kind = iota + 1 // body: JSON of a message for subscribers
	kindBytes                   // body: bytes for those of a Pipe
	kindHello                   // a node begins: all others answer with a beat
	kindBeat                    // a node lives, and its numbers have come to this
	kindTaken                   // to one that begins: the name is taken; body: its epoch
	kindBye                     // a node ends; its numbers have come to this
	kinds
)

// counted says whether it has a number of its own.
func (k kind) counted() bool { return k == kindMessage || k == kindBytes }

type envelope struct {
	kind     kind
	print    [8]byte // of what all nodes share
	epoch    uint64  // of this run of the node
	number   uint64
	node, to string
	topic    string
	typ      string
	version  uint64
	body     []byte
}

func (e *envelope) append(dst []byte) []byte {
	dst = append(dst, mark, protocol, byte(e.kind))
	dst = append(dst, e.print[:]...)
	dst = binary.BigEndian.AppendUint64(dst, e.epoch)
	dst = binary.BigEndian.AppendUint64(dst, e.number)
	for _, text := range []string{e.node, e.to, e.topic, e.typ} {
		dst = binary.AppendUvarint(dst, uint64(len(text)))
		dst = append(dst, text...)
	}
	dst = binary.AppendUvarint(dst, e.version)
	return append(dst, e.body...)
}

// setNumber writes the number into an envelope that was appended.
func setNumber(message []byte, number uint64) {
	binary.BigEndian.PutUint64(message[numberAt:], number)
}

// A protocolError says that a message is of another version of this protocol.
type protocolError struct{ got byte }

func (e *protocolError) Error() string {
	return fmt.Sprintf("pubsub: a node speaks version %d of the protocol between nodes, this one %d: let all nodes run the same version of bennu", e.got, protocol)
}

var (
	errNoMessage = errors.New("pubsub: what the carrier brought is no message between nodes; does something else write to it?")
	errCutShort  = errors.New("pubsub: a message between nodes is cut short")
)

// open reads an envelope. Its body is a part of message.
func open(message []byte) (envelope, error) {
	var e envelope
	switch {
	case len(message) < 2 || message[0] != mark:
		return e, errNoMessage
	case message[1] != protocol:
		return e, &protocolError{message[1]}
	case len(message) < headSize:
		return e, errCutShort
	}
	e.kind = kind(message[2])
	copy(e.print[:], message[3:])
	e.epoch = binary.BigEndian.Uint64(message[11:])
	e.number = binary.BigEndian.Uint64(message[numberAt:])
	rest := message[headSize:]
	for _, text := range []*string{&e.node, &e.to, &e.topic, &e.typ} {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return e, errCutShort
		}
		*text = string(rest[size : size+int(n)])
		rest = rest[size+int(n):]
	}
	version, size := binary.Uvarint(rest)
	if size <= 0 {
		return e, errCutShort
	}
	e.version, e.body = version, rest[size:]
	return e, e.check()
}

func (e *envelope) check() error {
	if e.kind == 0 || e.kind >= kinds {
		return fmt.Errorf("pubsub: a message between nodes has kind %d, want 1 to %d", e.kind, kinds-1)
	}
	if err := checkNode(e.node); err != nil {
		return fmt.Errorf("sender of a message between nodes: %w", err)
	}
	if e.to != "" {
		if err := checkNode(e.to); err != nil {
			return fmt.Errorf("receiver of a message between nodes: %w", err)
		}
	}
	switch e.kind {
	case kindMessage, kindBytes:
		if err := CheckName(e.topic); err != nil {
			return fmt.Errorf("message between nodes: %w", err)
		}
		if e.number == 0 {
			return errors.New("pubsub: a message between nodes has no number")
		}
	case kindTaken:
		if len(e.body) != 8 {
			return errCutShort
		}
	}
	return nil
}
