package live

// mailbox holds the messages that wait for a view, in the order in which they
// came: those of queue from head on. The one before head was taken last, and
// stays there to be asked for until the next one is. Its memory follows what
// waits, not what has passed through.
type mailbox struct {
	queue []Message
	head  int
	bytes int // of the payloads that wait
}

func (b *mailbox) len() int { return len(b.queue) - b.head }

// put takes a message, unless there are already as many of them, or as many
// bytes, as may wait.
func (b *mailbox) put(m Message, most, mostBytes int) bool {
	if n := b.len(); n >= most || n > 0 && b.bytes+len(m.Payload) > mostBytes {
		return false
	}
	if b.head > 1 && len(b.queue) == cap(b.queue) {
		// Move down in place of growing: the front is free.
		n := copy(b.queue, b.queue[b.head-1:])
		clear(b.queue[n:])
		b.queue, b.head = b.queue[:n], 1
	}
	b.queue = append(b.queue, m)
	b.count(&m, len(m.Payload))
	return true
}

// take is the next message; the mailbox is not empty.
func (b *mailbox) take() Message {
	b.forget()
	m := b.queue[b.head]
	b.head++
	b.count(&m, -len(m.Payload))
	return m
}

// current is the message that was taken last, zero if it is forgotten.
func (b *mailbox) current() Message {
	if b.head == 0 {
		return Message{}
	}
	return b.queue[b.head-1]
}

// forget gives up the message that was taken last.
func (b *mailbox) forget() {
	if b.head > 0 {
		b.queue[b.head-1] = Message{}
	}
}

// count follows the bytes that wait.
func (b *mailbox) count(m *Message, n int) {
	b.bytes += n
	if m.Waiting != nil {
		m.Waiting.Add(n)
	}
}

// drop forgets what waits.
func (b *mailbox) drop() {
	for b.len() > 0 {
		b.take()
	}
	*b = mailbox{}
}

// rest gives back what an empty mailbox does not need.
func (b *mailbox) rest() {
	b.forget()
	b.head = 0
	if cap(b.queue) > 8 {
		b.queue = nil
	} else {
		b.queue = b.queue[:0]
	}
}
