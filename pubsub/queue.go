package pubsub

// queue is what waits for one subscriber. Taken messages and those that gave
// way to newer ones leave holes; they are closed when they are more than what
// waits, so that its memory follows what waits and not what has passed through.
//
//	put 1 with key a:  [1]        a at 0
//	put 2 with key b:  [1 2]      b at 1
//	put 3 with key a:  [· 2 3]    a at 2: what remains keeps its order
type queue struct {
	items []any
	head  int // those before it are holes
	holes int // behind head

	keys *keys // nil: there are none
}

// keys are those of a queue's messages.
type keys struct {
	of     []any       // of the items
	latest map[any]int // where the newest of each is
}

// hole stands where a message was.
type hole struct{}

// missing stands where messages would have been that were lost before they
// came here: as many as that, or nobody knows how many.
type missing struct {
	messages int
	unsure   bool
}

func (m missing) and(n missing) missing {
	return missing{m.messages + n.messages, m.unsure || n.unsure}
}

// miss appends what is missing, or adds it to what is missing there already.
func (q *queue) miss(m missing, limit int) missing {
	if last := len(q.items) - 1; last >= q.head {
		if before, ok := q.items[last].(missing); ok {
			q.items[last] = before.and(m)
			return missing{}
		}
	}
	p := q.put(m, nil, false, limit)
	if q.keys != nil {
		q.keys.of = append(q.keys.of, nil)
	}
	return p.gone
}

func (q *queue) len() int { return len(q.items) - q.head - q.holes }

// pushed is what had to give way.
type pushed struct {
	gone     missing // what is missing from the front now
	dropped  bool    // a message was dropped there
	replaced bool    // an older message of the same key was
}

// put appends a message; with a key it takes the place of an older one. When
// more than limit would wait the oldest gives way.
func (q *queue) put(message, key any, keyed bool, limit int) (p pushed) {
	if keyed {
		if q.keys == nil {
			q.keys = &keys{of: make([]any, len(q.items)), latest: make(map[any]int)}
		}
		if at, ok := q.keys.latest[key]; ok {
			q.items[at] = hole{}
			q.holes++
			p.replaced = true
		}
	}
	if q.len() >= limit {
		p.gone, p.dropped = q.shift()
	}
	if free := q.head + q.holes; free > 8 && free > q.len() {
		q.close()
	}
	q.items = append(q.items, message)
	if keyed {
		q.keys.latest[key] = len(q.items) - 1
		q.keys.of = append(q.keys.of, key)
	}
	return p
}

// shift drops the oldest message and returns what is missing then. What is
// missing already is no message.
func (q *queue) shift() (gone missing, message bool) {
	for q.items[q.head] == any(hole{}) {
		q.head++
		q.holes--
	}
	if m, ok := q.items[q.head].(missing); ok {
		gone = m
	} else {
		gone, message = missing{messages: 1}, true
		if q.keys != nil {
			delete(q.keys.latest, q.keys.of[q.head])
		}
	}
	q.items[q.head] = nil
	q.head++
	return gone, message
}

// close moves what waits down over the holes.
func (q *queue) close() {
	n := 0
	for i := q.head; i < len(q.items); i++ {
		if _, gone := q.items[i].(hole); gone {
			continue
		}
		q.items[n] = q.items[i]
		if q.keys != nil {
			q.keys.of[n] = q.keys.of[i]
			if _, ok := q.items[n].(missing); !ok {
				q.keys.latest[q.keys.of[n]] = n
			}
		}
		n++
	}
	clear(q.items[n:])
	q.items = q.items[:n]
	if q.keys != nil {
		clear(q.keys.of[n:])
		q.keys.of = q.keys.of[:n]
	}
	q.head, q.holes = 0, 0
}

// swap hands out all that waits, in order and with holes, and goes on with the
// memory of spare.
func (q *queue) swap(spare []any) []any {
	taken := q.items[q.head:]
	q.items, q.head, q.holes = spare[:0], 0, 0
	q.keys = nil
	return taken
}
