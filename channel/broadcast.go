package channel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"bennu/internal/wire"
)

// broadcast is an event on its way to all who have joined a topic. All of them
// get the same one.
type broadcast struct {
	Event  string          `json:"e"`
	JSON   json.RawMessage `json:"j,omitempty"`
	Data   []byte          `json:"d,omitempty"`
	Binary bool            `json:"b,omitempty"`

	once   sync.Once
	shared *wire.Broadcast
}

// topicName is the pubsub topic of a channel's. Views and workers have topics of
// their own type, which must not be these.
func topicName(topic string) string { return "channel:" + topic }

func newBroadcast(topic, event string, payload any) (*broadcast, error) {
	if err := checkEvent(event); err != nil {
		return nil, err
	}
	text, binary, err := encode(payload)
	if err != nil {
		return nil, fmt.Errorf("channel: broadcast of %q: %w", event, err)
	}
	b := &broadcast{Event: event, Binary: binary}
	if binary {
		b.Data = text
	} else {
		b.JSON = text
	}
	if binary && len(topic) > maxTopic {
		return nil, fmt.Errorf("channel: topic %.40q… has %d bytes, want at most %d, which is what clients can join", topic, len(topic), maxTopic)
	}
	return b, nil
}

func (b *broadcast) payload() []byte {
	if b.Binary {
		return b.Data
	}
	return b.JSON
}

// on is the message as it goes out on a topic; nil: it comes from another node,
// and is none.
func (b *broadcast) on(topic string) *wire.Broadcast {
	if b == nil {
		return nil
	}
	b.once.Do(func() {
		if checkEvent(b.Event) != nil {
			return
		}
		b.shared = &wire.Broadcast{Topic: topic, Event: b.Event, Payload: b.payload(), Binary: b.Binary}
	})
	return b.shared
}

// maxEvent is how long the name of an event may be: what a frame can carry.
const maxEvent = 255

// checkEvent reports an event that a client would not take for one.
func checkEvent(event string) error {
	switch {
	case event == "":
		return errors.New("channel: an event has no name")
	case len(event) > maxEvent || !utf8.ValidString(event):
		return fmt.Errorf("channel: event %.40q: want at most %d bytes of UTF-8, got %d", event, maxEvent, len(event))
	case strings.HasPrefix(event, "phx_"):
		return fmt.Errorf("channel: event %q: names that begin with phx_ are the protocol's own; take another", event)
	}
	return nil
}
