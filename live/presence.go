package live

import (
	"bennu/presence"
)

// Track says on a topic of package presence that somebody is here for as long
// as the view lives, or the live component whose callback this is. In a dead
// render, and with the zero Socket, it does nothing and returns nil, whose
// methods do nothing as well.
func Track[M any](s *Socket, t presence.Topic[M], key string, value M) (*presence.Tracked[M], error) {
	v := s.open()
	if v == nil || v.proc == nil || s.closed.Load() {
		return nil, nil
	}
	here, err := t.Track(key, value)
	if err != nil {
		return nil, err
	}
	s.onEnd(here.Untrack)
	return here, nil
}

// OnPresence has f called on the view with each change of who is on a topic,
// until the view ends. Called before the topic's List it misses nobody; a join
// of somebody who is in that list is then no news. A view that shows a list and
// needs no more asks for the List anew in f.
func OnPresence[M any](s *Socket, t presence.Topic[M], f func(*Socket, presence.Diff[M]) error) *Subscription {
	return subscribe(s, t.Name(), t.SubscribeWith, f, func(p *Process, own *Subscription) func(presence.Diff[M]) { return poster(p, own, f) })
}

// OnPresenceChange has f called when somebody comes, goes or changes on a topic:
// once for all changes since its last call, so that a view is not run over by a
// crowd. It is for views that ask for the topic's List, or Count, and draw that.
func OnPresenceChange[M any](s *Socket, t presence.Topic[M], f func(*Socket) error) *Subscription {
	if f == nil {
		panic("live: OnPresenceChange wants a function that is told, a func(*live.Socket) error, got nil")
	}
	told := func(s *Socket, _ presence.Diff[M]) error { return f(s) }
	return subscribe(s, t.Name(), t.SubscribeWith, told, func(p *Process, own *Subscription) func(presence.Diff[M]) {
		one := func(presence.Diff[M]) struct{} { return struct{}{} }
		l := &latest[presence.Diff[M], struct{}]{p: p, of: own, key: one, f: told, newest: make(map[struct{}]numbered[presence.Diff[M]])}
		return l.receive
	})
}
