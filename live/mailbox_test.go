package live

import (
	"fmt"
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
