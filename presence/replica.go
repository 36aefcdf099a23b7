package presence

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// replica is what one node knows of all: its own entries and, for each other
// owner, a copy. Only an owner changes its entries. It numbers its changes, so
// that a copy is right when it has come as far as its owner; one that has missed
// a change asks for the whole state.
//
// It has no clock and no network: time comes in as what has passed since some
// beginning, messages come in and go out as values. It is used by one goroutine
// at a time.
type replica struct {
	self  owner
	times times

	seq    uint64 // of the last change that was told
	ref    uint64 // the last that was given
	own    map[uint64]*entry
	ops    []op // changes that have not been told
	others map[string]*other
	topics map[string]map[string][]*entry // who is here, by topic and key, each in order

	spoke    time.Duration // when something was sent last
	answered time.Duration // when the own state was sent last
	asked    bool          // somebody wants it
	began    bool

	out     []message
	changes map[string]*change
}

// times are how long things last.
type times struct {
	Beat    time.Duration // between signs of life
	Gather  time.Duration // that changes wait for others, to be told together
	Down    time.Duration // without a sign of life until a node's people leave
	Forget  time.Duration // until their entries are forgotten
	Again   time.Duration // between two requests for a state, and between two answers
	MaxPart int           // bytes of a part of a state
}

// other is the copy of another owner's entries.
type other struct {
	owner
	seq     uint64 // how far the copy has come
	known   uint64 // how far the owner has come, as far as is known
	entries map[uint64]*entry
	heard   time.Duration
	down    bool // its people are not in the lists
	gone    bool // it has said goodbye

	waiting map[uint64][]op     // changes that came before those that they follow
	parts   map[int][]entryText // of the state that is coming in
	of      int                 // how many parts it has
	at      uint64              // its seq
	wanted  time.Duration       // when the state was asked for last
	wants   bool
}

// mostWaiting bounds the changes that wait for an earlier one. Beyond it the
// state is the shorter way.
const mostWaiting = 256

func newReplica(self owner, t times, now time.Duration) *replica {
	return &replica{
		self: self, times: t, own: map[uint64]*entry{}, others: map[string]*other{},
		topics: map[string]map[string][]*entry{}, changes: map[string]*change{}, spoke: now, answered: now - t.Again,
	}
}

// join gives a node that was alone its name. Its entries are those of another
// owner from now on, and are told to the others.
func (r *replica) join(node string) {
	r.self.Node = node
	r.ops = nil
	if o := r.others[node]; o != nil { // late words of an earlier run
		r.hideAll(o)
		delete(r.others, node)
	}
	for _, ref := range slices.Sorted(maps.Keys(r.own)) {
		old := r.own[ref]
		e := newEntry(r.self, ref, 0, old.topic, old.key, old.meta)
		if kept := old.value.Load(); kept != nil {
			e.keep(*kept)
		}
		r.own[ref] = e
		r.hide(old)
		r.show(e)
		r.tell(op{Add: new(textOf(e))})
	}
}

// track adds an entry of this node's own.
func (r *replica) track(topic, key string, meta []byte) *entry {
	r.ref++
	e := newEntry(r.self, r.ref, 0, topic, key, meta)
	r.own[e.ref] = e
	r.show(e)
	r.tell(op{Add: new(textOf(e))})
	return e
}

// update puts another entry in the place of one, nil if that is gone.
func (r *replica) update(ref uint64, meta []byte) *entry {
	old := r.own[ref]
	if old == nil {
		return nil
	}
	r.ref++
	e := newEntry(r.self, r.ref, old.ref, old.topic, old.key, meta)
	delete(r.own, ref)
	r.own[e.ref] = e
	r.hide(old)
	r.show(e)
	r.tell(op{Add: new(textOf(e))}, op{Remove: ref})
	return e
}

// untrack takes an entry away.
func (r *replica) untrack(ref uint64) {
	if e := r.own[ref]; e != nil {
		delete(r.own, ref)
		r.hide(e)
		r.tell(op{Remove: ref})
	}
}

func (r *replica) tell(ops ...op) { r.ops = append(r.ops, ops...) }

// list is who is here, in the order that all nodes have. The caller must not
// change it.
func (r *replica) list(topic string) []*entry {
	keys := r.topics[topic]
	all := make([]*entry, 0, len(keys))
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		all = append(all, keys[key]...)
	}
	return all
}

// take returns the messages that are to be sent, and what has changed, by topic
// in order, since the last call.
func (r *replica) take() (out []message, changes []change) {
	out, r.out = r.out, nil
	if len(r.changes) == 0 {
		return out, nil
	}
	for _, c := range r.changes {
		if len(c.joins)+len(c.leaves) > 0 {
			slices.SortFunc(c.joins, (*entry).order)
			slices.SortFunc(c.leaves, (*entry).order)
			changes = append(changes, *c)
		}
	}
	clear(r.changes)
	slices.SortFunc(changes, func(a, b change) int { return strings.Compare(a.topic, b.topic) })
	return out, changes
}

// tick does what time asks for: signs of life, changes that are to be told,
// nodes that are silent, requests that were not answered.
func (r *replica) tick(now time.Duration) {
	switch {
	case !r.began:
		r.began = true
		r.say(now, message{Kind: kindHello})
	case len(r.ops) > 0:
		r.flush(now)
	case now-r.spoke >= r.times.Beat:
		r.say(now, message{Kind: kindBeat})
	}
	if r.asked && now-r.answered >= r.times.Again {
		r.answer(now)
	}
	for _, name := range slices.Sorted(maps.Keys(r.others)) {
		r.watch(now, r.others[name])
	}
}

// next is when tick has something to do again, at the latest.
func (r *replica) next(now time.Duration) time.Duration {
	if len(r.ops) > 0 || r.asked {
		return r.times.Gather
	}
	next := r.spoke + r.times.Beat - now
	for _, o := range r.others {
		switch {
		case o.wants:
			next = min(next, o.wanted+r.times.Again-now)
		case !o.down && !o.gone:
			next = min(next, o.heard+r.times.Down-now)
		}
	}
	return max(next, r.times.Gather)
}

// bye says that this node ends: its people leave at once everywhere.
func (r *replica) bye(now time.Duration) { r.say(now, message{Kind: kindBye}) }

func (r *replica) say(now time.Duration, m message) {
	m.owner, m.Seq = r.self, r.seq
	r.spoke = now
	r.out = append(r.out, m)
}

// flush tells the changes that wait, in pieces that a carrier takes.
func (r *replica) flush(now time.Duration) {
	for _, piece := range splitOps(r.ops, r.times.MaxPart) {
		r.seq++
		r.say(now, message{Kind: kindDelta, Ops: piece})
	}
	r.ops = nil
}

// answer sends the own state. Changes that wait are told before it, so that it
// is that of a seq.
func (r *replica) answer(now time.Duration) {
	r.asked, r.answered = false, now
	r.flush(now)
	texts := make([]entryText, 0, len(r.own))
	for _, ref := range slices.Sorted(maps.Keys(r.own)) {
		texts = append(texts, textOf(r.own[ref]))
	}
	pieces := split(texts, r.times.MaxPart)
	for i, piece := range pieces {
		r.say(now, message{Kind: kindState, Part: i, Parts: len(pieces), Entries: piece})
	}
}

// watch looks after one other node.
func (r *replica) watch(now time.Duration, o *other) {
	silent := now - o.heard
	switch {
	case silent >= r.times.Down+r.times.Forget:
		r.hideAll(o)
		delete(r.others, o.Node)
		return
	case silent >= r.times.Down && !o.down:
		r.hideAll(o)
		o.down = true
	}
	if o.wants && !o.down && !o.gone && now-o.wanted >= r.times.Again {
		r.want(now, o)
	}
}

func (r *replica) want(now time.Duration, o *other) {
	o.wants, o.wanted = true, now
	r.say(now, message{Kind: kindWant, Of: o.Node})
}

// receive takes a message in. Those of this node itself are passed over.
func (r *replica) receive(now time.Duration, m message) {
	if m.Node == r.self.Node {
		return
	}
	o := r.of(now, m)
	if o == nil {
		return
	}
	o.heard = now
	o.known = max(o.known, m.Seq)
	switch m.Kind {
	case kindBye:
		r.hideAll(o)
		o.gone, o.entries, o.waiting, o.parts, o.wants = true, nil, nil, nil, false
		return
	case kindHello:
		if r.began {
			r.say(now, message{Kind: kindBeat})
		}
	case kindWant:
		if m.Of == r.self.Node {
			if r.asked = true; now-r.answered >= r.times.Again {
				r.answer(now)
			}
		}
	case kindDelta:
		r.delta(o, m)
	case kindState:
		r.state(o, m)
	}
	r.catchUp(o)
	switch {
	case o.seq >= o.known:
		o.wants, o.parts = false, nil
		if o.down { // it is back, and nothing was missed
			o.down = false
			for _, e := range o.entries {
				r.show(e)
			}
		}
	case !o.wants || o.down && now-o.wanted >= r.times.Again:
		r.want(now, o)
	}
}

// of is the copy of the owner who speaks; nil if the message is of one who is
// not to be heard: an earlier run of the node, or one that has said goodbye.
//
// Epochs are made of the node's clock, which may have been put back. A lower
// one counts when the higher one has fallen silent.
func (r *replica) of(now time.Duration, m message) *other {
	o := r.others[m.Node]
	switch {
	case o == nil:
	case o.Epoch == m.Epoch:
		if o.gone {
			return nil
		}
		return o
	case m.Epoch < o.Epoch && now-o.heard < 2*r.times.Beat:
		return nil
	default:
		r.hideAll(o)
	}
	if m.Kind == kindBye {
		// Whoever was not known has nothing to take along, but late messages of it
		// may come.
		r.others[m.Node] = &other{owner: m.owner, heard: now, gone: true}
		return nil
	}
	o = &other{owner: m.owner, heard: now, entries: map[uint64]*entry{}}
	r.others[m.Node] = o
	return o
}

// delta takes a change in, which may have to wait for an earlier one.
func (r *replica) delta(o *other, m message) {
	if m.Seq <= o.seq {
		return // it has been here
	}
	if o.waiting == nil {
		o.waiting = map[uint64][]op{}
	}
	if len(o.waiting) >= mostWaiting {
		clear(o.waiting)
	}
	o.waiting[m.Seq] = m.Ops
}

// catchUp applies the changes that follow on what the copy has.
func (r *replica) catchUp(o *other) {
	for {
		ops, ok := o.waiting[o.seq+1]
		if !ok {
			break
		}
		o.seq++
		delete(o.waiting, o.seq)
		for _, p := range ops {
			r.apply(o, p)
		}
	}
	for seq := range o.waiting {
		if seq <= o.seq {
			delete(o.waiting, seq)
		}
	}
}

func (r *replica) apply(o *other, p op) {
	if p.Add == nil {
		if e := o.entries[p.Remove]; e != nil {
			delete(o.entries, p.Remove)
			r.hideOf(o, e)
		}
		return
	}
	if o.entries[p.Add.Ref] == nil {
		e := p.Add.of(o.owner)
		o.entries[e.ref] = e
		r.showOf(o, e)
	}
}

// state takes a part of a state in, and the state when it has all parts.
func (r *replica) state(o *other, m message) {
	if m.Seq < o.seq || m.Seq == o.seq && o.seq == o.known && !o.wants {
		return
	}
	if o.parts == nil || o.at != m.Seq || o.of != m.Parts {
		if o.parts != nil && m.Seq < o.at {
			return // parts of an older one, which came late
		}
		o.parts, o.at, o.of = map[int][]entryText{}, m.Seq, m.Parts
	}
	o.parts[m.Part] = m.Entries
	if len(o.parts) < o.of {
		return
	}
	now := make(map[uint64]*entry)
	for _, part := range o.parts {
		for i := range part {
			e := o.entries[part[i].Ref]
			if e == nil {
				e = part[i].of(o.owner)
				r.showOf(o, e)
			}
			now[e.ref] = e
		}
	}
	for ref, e := range o.entries {
		if now[ref] == nil {
			r.hideOf(o, e)
		}
	}
	o.entries, o.seq, o.parts = now, m.Seq, nil
}

func (r *replica) showOf(o *other, e *entry) {
	if !o.down {
		r.show(e)
	}
}

func (r *replica) hideOf(o *other, e *entry) {
	if !o.down {
		r.hide(e)
	}
}

// hideAll takes a node's people out of the lists.
func (r *replica) hideAll(o *other) {
	for _, e := range o.entries {
		r.hideOf(o, e)
	}
}

// show puts an entry into the lists.
func (r *replica) show(e *entry) {
	keys := r.topics[e.topic]
	if keys == nil {
		keys = map[string][]*entry{}
		r.topics[e.topic] = keys
	}
	at, _ := slices.BinarySearchFunc(keys[e.key], e, (*entry).order)
	keys[e.key] = slices.Insert(slices.Clip(keys[e.key]), at, e)
	c := r.change(e.topic)
	if i := slices.IndexFunc(c.leaves, func(l *entry) bool { return l.order(e) == 0 }); i >= 0 {
		c.leaves = slices.Delete(c.leaves, i, i+1) // it was gone for less than a moment
		return
	}
	c.joins = append(c.joins, e)
}

// hide takes an entry out of them.
func (r *replica) hide(e *entry) {
	keys := r.topics[e.topic]
	left := slices.DeleteFunc(slices.Clone(keys[e.key]), func(l *entry) bool { return l == e })
	if keys[e.key] = left; len(left) == 0 {
		delete(keys, e.key)
	}
	if len(keys) == 0 {
		delete(r.topics, e.topic)
	}
	c := r.change(e.topic)
	if i := slices.Index(c.joins, e); i >= 0 {
		c.joins = slices.Delete(c.joins, i, i+1)
		return
	}
	c.leaves = append(c.leaves, e)
}

func (r *replica) change(topic string) *change {
	c := r.changes[topic]
	if c == nil {
		c = &change{topic: topic}
		r.changes[topic] = c
	}
	return c
}
