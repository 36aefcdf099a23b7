package live

import (
	"fmt"
	"sync"

	"bennu/pubsub"
)

// SubscribeLatest is [Subscribe] for topics of which only the newest message of
// each key counts, such as the price of a share or where somebody's mouse is: of
// those that wait for the view with one key the older are left out. So a view
// that is behind does not end because of messages that nobody needs any more;
// only more keys than a mailbox holds messages end it. What remains keeps its
// order.
func SubscribeLatest[M any, K comparable](s *Socket, t pubsub.Topic[M], key func(M) K, f func(*Socket, M) error) *Subscription {
	return subscribe(s, t.Name(), t.SubscribeWith, f, func(p *Process, own *Subscription) func(M) {
		l := &latest[M, K]{p: p, of: own, key: key, f: f, newest: make(map[K]numbered[M])}
		return l.receive
	})
}

// latest is what waits for a view by its keys. In the view's mailbox it is one
// message, which takes the oldest of them and posts itself again.
type latest[M any, K comparable] struct {
	p   *Process
	of  *Subscription
	key func(M) K
	f   func(*Socket, M) error

	mu     sync.Mutex
	newest map[K]numbered[M]
	order  []numbered[K] // with those that are not the newest any more
	last   uint64
	posted bool
}

// numbered says as which something has come.
type numbered[T any] struct {
	n uint64
	v T
}

func (l *latest[M, K]) receive(m M) {
	k := l.key(m)
	l.mu.Lock()
	l.last++
	l.newest[k] = numbered[M]{l.last, m}
	if len(l.order) >= 16 && len(l.order) >= 2*len(l.newest) {
		l.tidy()
	}
	l.order = append(l.order, numbered[K]{l.last, k})
	full := len(l.newest) > l.p.rt.mailbox()
	post := !l.posted
	l.posted = true
	l.mu.Unlock()
	switch {
	case full:
		l.p.overload()
	case post:
		l.p.post(l)
	}
}

// tidy forgets the places of messages that have given way. The caller holds mu.
func (l *latest[M, K]) tidy() {
	kept := l.order[:0]
	for _, o := range l.order {
		if l.newest[o.v].n == o.n {
			kept = append(kept, o)
		}
	}
	l.order = kept
}

// take is the oldest that waits; more: there are others.
func (l *latest[M, K]) take() (m M, ok, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, o := range l.order {
		found, ok := l.newest[o.v]
		if !ok || found.n != o.n {
			continue
		}
		delete(l.newest, o.v)
		l.order = l.order[i+1:]
		if l.posted = len(l.newest) > 0; !l.posted {
			l.order = nil
		}
		return found.v, true, l.posted
	}
	l.order, l.posted = nil, false
	return m, false, false
}

func (l *latest[M, K]) name() string { var m M; return fmt.Sprintf("message %T", m) }

func (l *latest[M, K]) run(p *Process) (*asks, error) {
	m, ok, more := l.take()
	if more {
		p.post(l)
	}
	if !ok {
		return nil, nil
	}
	return (&published[M]{l.of, l.f, m}).run(p)
}
