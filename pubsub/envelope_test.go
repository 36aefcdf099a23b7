package pubsub

import (
	"context"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

func sample(k kind) envelope {
	return envelope{kind: k, print: [8]byte{1, 2}, epoch: 1 << 60, number: 7, node: "a", to: "b", topic: "room:1", typ: "x.T", version: 300, body: []byte(`{"N":1}`)}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	e := sample(kindMessage)
	message := e.append(nil)
	got, err := open(message)
	if err != nil || !reflect.DeepEqual(got, e) {
		t.Errorf("open = %+v, %v, want %+v", got, err, e)
	}
	setNumber(message, 9)
	if got, err = open(message); err != nil || got.number != 9 || got.epoch != e.epoch || got.node != "a" {
		t.Errorf("after setNumber: %+v, %v", got, err)
	}
	for n := range len(message) - len(e.body) {
		if _, err := open(message[:n]); err == nil {
			t.Errorf("the first %d bytes of a message were one", n)
		}
	}
	for what, change := range map[string]func(*envelope){
		"kind":              func(e *envelope) { e.kind = kinds },
		"no sender":         func(e *envelope) { e.node = "" },
		"sender with a dot": func(e *envelope) { e.node = "a.b" },
		"receiver":          func(e *envelope) { e.to = "*" },
		"long sender":       func(e *envelope) { e.node = strings.Repeat("a", maxNode+1) },
		"no topic":          func(e *envelope) { e.topic = "" },
		"topic":             func(e *envelope) { e.topic = "a\nb" },
		"no number":         func(e *envelope) { e.number = 0 },
		"taken":             func(e *envelope) { e.kind = kindTaken },
	} {
		e := sample(kindMessage)
		change(&e)
		if _, err := open(e.append(nil)); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

// FuzzEnvelope reads what is no message, and writes again what is one.
func FuzzEnvelope(f *testing.F) {
	for k := kindMessage; k < kinds; k++ {
		e := sample(k)
		f.Add(e.append(nil))
	}
	f.Add([]byte{mark, protocol, 1})
	f.Fuzz(func(t *testing.T, message []byte) {
		e, err := open(message)
		if err != nil {
			if len(err.Error()) > 2000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			return
		}
		again, err := open(e.append(nil)) // lengths may have been written longer than they need
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("written and read again: %+v, %v, want %+v", again, err, e)
		}
	})
}

// nowhere is a carrier that carries nothing.
type nowhere struct{}

func (nowhere) Node() string                         { return "a" }
func (nowhere) Open(context.Context, Receiver) error { return nil }
func (nowhere) Send([]byte) error                    { return nil }
func (nowhere) SendTo(string, []byte) error          { return nil }
func (nowhere) Close() error                         { return nil }

// fuzzed is a message that fuzzed bytes are decoded to.
type fuzzed struct {
	N    int
	Text string
	List []map[string]any
	More *fuzzed
}

// FuzzReceive lets a hub receive whatever comes, from whoever. It counts it as
// something, and goes on.
func FuzzReceive(f *testing.F) {
	for k := kindMessage; k < kinds; k++ {
		e := sample(k)
		e.print, e.node, e.to = [8]byte{}, "b", ""
		f.Add(e.append(nil), e.append(nil))
		e.to, e.topic, e.typ, e.version = "a", "topic", "bennu/pubsub.fuzzed", 0
		f.Add(e.append(nil), e.append(nil))
		e.node = "a"
		f.Add(e.append(nil), e.append(nil))
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		h := New()
		h.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
		if err := h.Join(t.Context(), nowhere{}, Cluster{Wait: time.Nanosecond, MaxMessage: 1 << 16}); err != nil {
			t.Fatal(err)
		}
		heard := 0
		sub, err := NewTopic[fuzzed](h, "topic").SubscribeWith(Subscriber[fuzzed]{Inline: true, Receive: func(fuzzed) { heard++ }})
		if err != nil {
			t.Fatal(err)
		}
		stop, err := h.Pipe("room:1").Receive(func([]byte) { heard++ })
		if err != nil {
			t.Fatal(err)
		}
		c := h.cluster.Load()
		for _, m := range [][]byte{one, two, one} {
			before := h.Stats()
			c.Receive(m)
			if s := h.Stats(); s.Received+s.Undecoded+s.Foreign+s.Oversized+s.Repeated > before.Received+before.Undecoded+before.Foreign+before.Oversized+before.Repeated+2 {
				t.Errorf("one message was counted more than twice: %+v after %+v", s, before)
			}
		}
		if heard > 2 {
			t.Errorf("heard %d messages of 2", heard)
		}
		stop()
		sub.Cancel()
		if err := h.Leave(); err != nil {
			t.Error(err)
		}
	})
}
