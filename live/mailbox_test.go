package live

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func TestMailboxKeepsOrderAndMemory(t *testing.T) {
	t.Parallel()
	var b mailbox
	in, out := 0, 0
	for out < 100_000 {
		for b.len() < 900 {
			if !b.put(Message{Ref: fmt.Append(nil, in), Payload: []byte("12345")}, 1000, 1<<20) {
				t.Fatalf("message %d was refused with %d waiting", in, b.len())
			}
			in++
		}
		for range 300 {
			if got := string(b.take().Ref); got != fmt.Sprint(out) {
				t.Fatalf("took %s, want %d", got, out)
			}
			out++
		}
		if cap(b.queue) > 4096 {
			t.Fatalf("after %d messages the queue holds %d places for %d that wait", out, cap(b.queue), b.len())
		}
	}
	if want := b.len() * 5; b.bytes != want {
		t.Errorf("bytes = %d, want %d", b.bytes, want)
	}
}

func TestMailboxLimits(t *testing.T) {
	t.Parallel()
	var b mailbox
	big := Message{Payload: make([]byte, 600)}
	if !b.put(big, 3, 100) {
		t.Error("a single message is refused for its size")
	}
	if b.put(Message{Payload: make([]byte, 1)}, 3, 100) {
		t.Error("a message above the bytes is taken")
	}
	b.take()
	for i := range 3 {
		if !b.put(Message{}, 3, 100) {
			t.Errorf("message %d is refused", i)
		}
	}
	if b.put(Message{}, 3, 100) {
		t.Error("a message above the count is taken")
	}
}

// What waits in the mailboxes of a socket is counted, until it is taken or its
// view ends.
func TestMailboxCountsWhatWaits(t *testing.T) {
	t.Parallel()
	var all atomic.Int64
	waiting := Backlog{All: &all}
	var a, b mailbox
	for range 3 {
		a.put(Message{Payload: make([]byte, 100), Waiting: &waiting}, 10, 1000)
		b.put(Message{Payload: make([]byte, 10), Waiting: &waiting}, 10, 1000)
		b.put(Message{Payload: make([]byte, 1000), Waiting: &waiting}, 10, 1000) // refused
	}
	if got := waiting.Bytes(); got != 330 {
		t.Errorf("%d bytes are counted, want 330", got)
	}
	if got := all.Load(); got != 330 {
		t.Errorf("%d bytes are counted for all, want 330", got)
	}
	a.take()
	b.drop()
	if got := waiting.Bytes(); got != 200 || b.len() != 0 || b.bytes != 0 {
		t.Errorf("%d bytes are counted, want 200; the dropped mailbox is %+v", got, b)
	}
}

// The message that a view is at can be asked for until it takes the next one.
func TestMailboxKnowsTheCurrentMessage(t *testing.T) {
	t.Parallel()
	var b mailbox
	if got := b.current(); got.Ref != nil {
		t.Errorf("an empty mailbox is at %s", got.Ref)
	}
	in := 0
	put := func() {
		b.put(Message{Ref: fmt.Append(nil, in)}, 100, 100)
		in++
	}
	put()
	for out := range 1000 {
		if got := string(b.take().Ref); got != fmt.Sprint(out) {
			t.Fatalf("took %s, want %d", got, out)
		}
		for in < out+2+out%5 { // which moves the queue down now and then
			put()
		}
		if got := string(b.current().Ref); got != fmt.Sprint(out) {
			t.Fatalf("after %d messages the mailbox is at %s, want %d", in, got, out)
		}
	}
	b.drop()
	b.rest()
	if got := b.current(); got.Ref != nil || b.len() != 0 {
		t.Errorf("after the end the mailbox is at %s with %d messages", got.Ref, b.len())
	}
}
