package channel

import "bennu/live"

// item is one thing that waits for a channel: a message of its client, a
// broadcast, or something from inside.
type item struct {
	message   live.Message
	broadcast *broadcast
	local     local
}

// size is what counts of it against the bounds.
func (i *item) size() int {
	if i.broadcast != nil {
		return 0 // shared by all who get it
	}
	return len(i.message.Payload)
}

// mailbox holds what waits, in the order in which it came: those of queue from
// head on. Its memory follows what waits, not what has passed through.
type mailbox struct {
	queue []item
	head  int
	bytes int
}

func (b *mailbox) len() int { return len(b.queue) - b.head }

// put takes an item, unless as many of them, or as many bytes, wait as may.
func (b *mailbox) put(i item, most, mostBytes int) bool {
	if n := b.len(); n >= most || n > 0 && b.bytes+i.size() > mostBytes {
		return false
	}
	if b.head > 0 && len(b.queue) == cap(b.queue) {
		n := copy(b.queue, b.queue[b.head:])
		clear(b.queue[n:])
		b.queue, b.head = b.queue[:n], 0
	}
	b.queue = append(b.queue, i)
	b.count(&i, i.size())
	return true
}

// take is the next item; the mailbox is not empty.
func (b *mailbox) take() item {
	i := b.queue[b.head]
	b.queue[b.head] = item{}
	b.head++
	b.count(&i, -i.size())
	return i
}

func (b *mailbox) count(i *item, n int) {
	b.bytes += n
	if i.message.Waiting != nil {
		i.message.Waiting.Add(n)
	}
}

// drop forgets what waits.
func (b *mailbox) drop() {
	for b.len() > 0 {
		b.take()
	}
	*b = mailbox{}
}

// rest gives back what an empty mailbox does not need: a channel on which nothing
// happens has none.
func (b *mailbox) rest() { *b = mailbox{} }
