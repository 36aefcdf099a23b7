package pubsub

import "sync"

// keep is up to how many messages the memory of an empty mailbox is kept for.
const keep = 8

// mailbox is what waits for a subscriber that has a goroutine of its own while
// something does. Two slices take turns: one is filled while the other is being
// worked on.
type mailbox struct {
	limit  int
	end    bool           // a full one ends its subscription
	extras *mailboxExtras // nil for most

	mu      sync.Mutex
	queue   queue
	missing missing // before what is in the queue
	running bool    // a goroutine is at work

	// Of the goroutine at work. They are here and not on its stack, so that another
	// one can go on when a subscriber ends it by runtime.Goexit.
	batch []any
	at    int
}

// mailboxExtras is what few mailboxes have.
type mailboxExtras struct {
	key   func(any) any
	ended func(error)
}

// put takes a message and sees to it that somebody works on it.
func (sub *Subscription) put(message any) {
	b := sub.box
	var key any
	keyed := b.extras != nil && b.extras.key != nil
	if keyed {
		key = b.extras.key(message)
	}
	b.mu.Lock()
	if sub.over() {
		b.mu.Unlock()
		return
	}
	if b.end && b.queue.len() >= b.limit && !keyed {
		b.mu.Unlock()
		sub.endSlow()
		return
	}
	p := b.queue.put(message, key, keyed, b.limit)
	b.missing = b.missing.and(p.gone)
	b.wake(sub)
	b.mu.Unlock()
	switch {
	case !p.dropped:
	case b.end:
		sub.endSlow()
	default:
		sub.hub.counts.missed.Add(1)
	}
	if p.replaced {
		sub.hub.counts.coalesced.Add(1)
	}
}

// putMissing is a loss on the way to the mailbox. It is told behind what waits,
// so that what is then loaded anew is not followed by what is older.
func (sub *Subscription) putMissing(m missing) {
	b := sub.box
	b.mu.Lock()
	defer b.mu.Unlock()
	if sub.over() {
		return
	}
	if b.queue.len() == 0 {
		b.missing = b.missing.and(m)
	} else {
		b.missing = b.missing.and(b.queue.miss(m, b.limit))
	}
	b.wake(sub)
}

// endSlow ends the subscription because its mailbox is full.
func (sub *Subscription) endSlow() {
	if !sub.state.CompareAndSwap(active, slow) {
		return
	}
	sub.hub.counts.slow.Add(1)
	sub.leave()
	if b := sub.box; b.extras != nil && b.extras.ended != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.wake(sub)
	}
}

// wake borrows a goroutine if none is at work. The caller holds mu.
func (b *mailbox) wake(sub *Subscription) {
	if !b.running {
		b.running = true
		go sub.run()
	}
}

// run does what waits.
func (sub *Subscription) run() {
	whole := false
	defer func() {
		if !whole { // somebody has ended the goroutine
			go sub.run()
		}
	}()
	for sub.work() {
	}
	whole = true
}

// work calls the subscriber with what waits now; false: nothing did.
func (sub *Subscription) work() bool {
	b := sub.box
	if b.at >= len(b.batch) && !sub.take() {
		return false
	}
	for b.at < len(b.batch) && !sub.over() {
		message := b.batch[b.at]
		b.batch[b.at] = nil
		b.at++
		switch m := message.(type) {
		case hole:
		case missing:
			sub.tell(m)
		default:
			sub.call(message)
		}
	}
	b.batch, b.at = recycle(b.batch), 0
	return true
}

// take gets the next batch and tells what was left out before it; false: nothing
// waits, and the goroutine is not at work any more.
func (sub *Subscription) take() bool {
	b := sub.box
	b.mu.Lock()
	before := b.missing
	b.missing = missing{}
	if b.queue.len() == 0 && before == (missing{}) || sub.over() {
		var ended func(error)
		if b.extras != nil && sub.state.Load() == slow {
			ended, b.extras.ended = b.extras.ended, nil
		}
		if ended == nil {
			b.running = false
			b.mu.Unlock()
			return false
		}
		b.mu.Unlock()
		sub.last(ended)
		return true
	}
	spare := b.batch
	b.batch, b.at = b.queue.swap(spare), 0
	b.mu.Unlock()
	sub.tell(before)
	return true
}

func (sub *Subscription) call(message any) {
	defer sub.hub.contain(sub)
	sub.receive(message)
}

// tell says what is missing.
func (sub *Subscription) tell(m missing) {
	if sub.missed == nil {
		return
	}
	if m.messages > 0 && !sub.over() {
		sub.tellMissed(m.messages)
	}
	if m.unsure && !sub.over() {
		sub.tellMissed(0)
	}
}

func (sub *Subscription) tellMissed(messages int) {
	defer sub.hub.contain(sub)
	sub.missed(messages)
}

func (sub *Subscription) last(ended func(error)) {
	defer sub.hub.contain(sub)
	ended(ErrSlow)
}

// drop forgets what waits.
func (b *mailbox) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = queue{}
	b.missing = missing{}
}

// recycle is the memory of a slice that has been worked on, unless it is large.
func recycle[T any](s []T) []T {
	if cap(s) > keep {
		return nil
	}
	clear(s)
	return s[:0]
}
