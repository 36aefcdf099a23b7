package channel

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"bennu/presence"
	"bennu/pubsub"
)

// The events by which the client's class Presence is kept up to date.
const (
	presenceState = "presence_state"
	presenceDiff  = "presence_diff"
)

// Track says on a topic of package presence that somebody is here for as long as
// the channel lives. What is known of them must be a JSON object. With the zero
// Socket it does nothing and returns nil, whose Untrack does nothing as well.
//
// Whoever has another one's key is that one, so keys are the program's choice and
// not the client's: the id of the user that Connect has found.
func Track[M any](s *Socket, t presence.Topic[M], key string, value M) (*presence.Tracked[M], error) {
	p := s.open()
	if p == nil || s.closed.Load() {
		return nil, nil
	}
	if err := checkMeta(value); err != nil {
		return nil, err
	}
	here, err := t.Track(key, value)
	if err != nil {
		return nil, err
	}
	p.onEnd(here.Untrack)
	return here, nil
}

// checkMeta reports what the client could not add a field to.
func checkMeta(value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("channel: Track: %w", err)
	}
	if len(text) == 0 || text[0] != '{' {
		return fmt.Errorf("channel: Track wants what is known of somebody as a struct or a map, to which the client's protocol adds a field, got %T", value)
	}
	return nil
}

// ShowPresence keeps the client up to date on who is on a topic of package
// presence, for new Presence(channel) of npm's phoenix: with the event
// presence_state, once, when the callback has returned, and then presence_diff
// with each change. Call it in Join, and after Track if the client is to find
// itself in the list.
func ShowPresence[M any](s *Socket, t presence.Topic[M]) error {
	p := s.open()
	if p == nil || s.closed.Load() {
		return nil
	}
	end, err := relayTo(p, t)
	if err != nil {
		return fmt.Errorf("channel: ShowPresence: %w", err)
	}
	p.onEnd(end)
	// After the subscription, so that nobody is missed. Who is in both is no news
	// to the client.
	state, err := presence.StateJSON(t.List())
	if err != nil {
		return fmt.Errorf("channel: ShowPresence: %w", err)
	}
	a := s.ask()
	a.sent = append(a.sent, sent{event: presenceState, payload: state})
	return nil
}

// relays turn the changes of a presence topic into messages, once for all
// channels that show it.
type relays struct {
	mu  sync.Mutex
	all map[relayKey]*relay
}

// relayKey is a presence.Topic[M] and the topic of the channels.
type relayKey struct {
	of    any
	topic string
}

// relay is one subscription to a presence topic, for some channels of one topic.
type relay struct {
	sub *pubsub.Subscription

	mu      sync.Mutex
	members map[*process]struct{}
	stable  []*process // a copy of members to walk without the lock; nil: they have changed
}

// relayTo adds a channel to those that hear of a presence topic.
func relayTo[M any](p *process, t presence.Topic[M]) (end func(), err error) {
	rt := p.client.rt
	key := relayKey{t, p.topic}
	rt.relays.mu.Lock()
	defer rt.relays.mu.Unlock()
	r := rt.relays.all[key]
	if r == nil {
		r = new(relay)
		r.sub, err = t.SubscribeWith(pubsub.Subscriber[presence.Diff[M]]{
			Receive: func(d presence.Diff[M]) { r.tell(rt, d.JSON) },
			Missed:  func(int) { r.lost() },
		})
		if err != nil {
			return nil, err
		}
		if rt.relays.all == nil {
			rt.relays.all = make(map[relayKey]*relay)
		}
		rt.relays.all[key] = r
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil {
		r.members = make(map[*process]struct{})
	}
	r.members[p], r.stable = struct{}{}, nil
	return func() { rt.relays.leave(key, r, p) }, nil
}

// leave takes a channel out, and ends the relay if it was the last.
func (all *relays) leave(key relayKey, r *relay, p *process) {
	all.mu.Lock()
	defer all.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, p)
	r.stable = nil
	if len(r.members) == 0 {
		r.sub.Cancel()
		delete(all.all, key)
	}
}

// now are the members; the slice is not changed.
func (r *relay) now() []*process {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stable == nil {
		r.stable = slices.Collect(maps.Keys(r.members))
	}
	return r.stable
}

// tell sends a change to all.
func (r *relay) tell(rt *Runtime, encode func() ([]byte, error)) {
	text, err := encode()
	if err != nil {
		rt.log().Error("presence cannot be told to clients", slog.Any("err", err))
		return
	}
	b := &broadcast{Event: presenceDiff, JSON: text}
	for _, p := range r.now() {
		p.receive(b)
	}
}

// lost ends channels whose clients have missed a change: they join again, and are
// told the state.
func (r *relay) lost() {
	for _, p := range r.now() {
		p.overload()
	}
}
