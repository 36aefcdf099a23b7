package livetest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// rendered is what a client keeps of a view: the tree of its last render, into
// which each diff is merged. It follows the class Rendered of the official
// client, written anew from the rules of the wire, and is stricter: what that
// client would show as the word undefined, throw at, or leave stale on the page
// is an error here.
//
//	join   {"s":["<p>","</p>"],"0":"1"}   the tree is a node with one slot
//	diff   {"0":"2"}                      the slot holds "2" now
type rendered struct {
	root       *node
	components map[int]*node
	page       page
	drawn      []drawn      // by the last message
	sent       map[int]bool // the components in it
}

// drawn is a stretch of the page that a message made the client draw.
type drawn struct {
	cid     int    // of the component; 0: the whole view
	html    string // with the numbers of components
	streams []streamOps
	reached map[int]bool // the components that were drawn along
}

// node is a rendered template: its statics and between them its slots. A list
// has its statics for each of its entries, which are nodes with the same ones.
type node struct {
	statics []string
	slots   []slot
	list    bool
	entries []*node
	single  bool    // r: the HTML is exactly one element
	changed bool    // something in it is newer than what the page shows
	shown   []piece // of a single node
	stream  *streamOps
	flows   bool // a list that is a stream: what it draws is forgotten
}

// slot holds one dynamic part: text, a node or a component.
type slot struct {
	text string
	node *node
	cid  int // 0: none
}

// extras are the parts of a diff that are no markup.
type extras struct {
	events []pushed
	reply  any
	title  *string
}

// pushed is an event for the page's scripts.
type pushed struct {
	name    string
	payload any
}

// apply merges the diff of one message and shows the result on the page.
func (r *rendered) apply(diff object) (extras, error) {
	x, err := takeExtras(diff)
	if err != nil {
		return x, err
	}
	components, hasComponents, err := member[object](diff, "c")
	if err != nil {
		return x, err
	}
	delete(diff, "c")
	whole := len(diff) > 0
	r.drawn, r.sent = nil, nil
	switch {
	case diff["s"] != nil:
		r.components = map[int]*node{}
		r.page = page{}
		r.root, err = newNode(diff, nil)
	case r.root == nil && (whole || hasComponents):
		err = fmt.Errorf("the first diff of a view has no statics")
	case whole:
		err = r.root.merge(diff, nil)
	}
	if err != nil {
		return x, err
	}
	var changed map[int]bool
	if hasComponents {
		if changed, err = r.mergeComponents(components); err != nil {
			return x, fmt.Errorf("c: %w", err)
		}
	}
	r.sent = changed
	if whole || hasComponents {
		err = r.show(whole, changed)
	}
	return x, err
}

// takeExtras takes the members e, r and t out of a diff.
func takeExtras(diff object) (x extras, err error) {
	x.reply = diff["r"]
	if t, ok := diff["t"]; ok {
		title, ok := t.(string)
		if !ok {
			return x, fmt.Errorf("t is %v, want the title as a string", t)
		}
		x.title = &title
	}
	events, _, err := member[[]any](diff, "e")
	if err != nil {
		return x, err
	}
	for _, e := range events {
		event, _ := e.([]any)
		if len(event) < 2 || len(event) > 3 || len(event) == 3 && event[2] != true {
			return x, fmt.Errorf("e has %v, want [name, payload] or [name, payload, true]", e)
		}
		name, ok := event[0].(string)
		if !ok {
			return x, fmt.Errorf("e has an event named %v, want a string", event[0])
		}
		x.events = append(x.events, pushed{name, event[1]})
	}
	for _, key := range []string{"e", "r", "t"} {
		delete(diff, key)
	}
	return x, nil
}

// mergeComponents merges the diffs of components, by cid.
func (r *rendered) mergeComponents(diffs object) (changed map[int]bool, err error) {
	m := componentMerge{old: r.components, diffs: map[int]object{}, merged: map[int]*node{}}
	for key, value := range diffs {
		cid, ok := index(key)
		diff, isObject := value.(object)
		if !ok || cid == 0 || !isObject {
			return nil, fmt.Errorf("%q: %v, want a number from 1 on and an object", key, value)
		}
		m.diffs[cid] = diff
	}
	changed = map[int]bool{}
	for _, cid := range slices.Sorted(maps.Keys(m.diffs)) {
		if err := m.merge(cid); err != nil {
			return nil, fmt.Errorf("%d: %w", cid, err)
		}
		changed[cid] = true
	}
	maps.Copy(r.components, m.merged)
	return changed, nil
}

// componentMerge merges the components of one message. A component may take
// the statics of another one of the same message, which then is merged first.
type componentMerge struct {
	old    map[int]*node
	diffs  map[int]object
	merged map[int]*node
	busy   []int
}

func (m *componentMerge) merge(cid int) error {
	if m.merged[cid] != nil {
		return nil
	}
	if slices.Contains(m.busy, cid) {
		return fmt.Errorf("shares the statics of itself, by way of %v", m.busy)
	}
	m.busy = append(m.busy, cid)
	diff, base := m.diffs[cid], m.old[cid]
	var err error
	switch s := diff["s"].(type) {
	case nil:
		if base == nil {
			return fmt.Errorf("is not known to the client and comes without statics")
		}
	case number:
		if base, err = m.shared(s); err != nil {
			return err
		}
		base = base.clone()
		delete(diff, "s")
	default:
		base, err = newNode(diff, nil)
		if err == nil && !base.single {
			err = fmt.Errorf("comes without r:1, the client would never show its diffs")
		}
		m.merged[cid] = base
		return err
	}
	m.merged[cid] = base
	return base.merge(diff, nil)
}

// shared is the component whose statics a new one takes: of this message for a
// positive number, as it was before for a negative one.
func (m *componentMerge) shared(s number) (*node, error) {
	cid, ok := s.int()
	switch {
	case ok && cid > 0 && m.diffs[cid] != nil:
		err := m.merge(cid)
		return m.merged[cid], err
	case ok && cid < 0 && m.old[-cid] != nil:
		return m.old[-cid], nil
	}
	return nil, fmt.Errorf("shares the statics of component %s, which is not there", s)
}

// clone is a deep copy; what the page shows is not copied.
func (n *node) clone() *node {
	c := &node{statics: n.statics, list: n.list, single: n.single, changed: true, flows: n.flows, slots: slices.Clone(n.slots)}
	for i := range c.slots {
		if inner := c.slots[i].node; inner != nil {
			c.slots[i].node = inner.clone()
		}
	}
	for _, e := range n.entries {
		c.entries = append(c.entries, e.clone())
	}
	return c
}

// prune forgets components that the server has forgotten.
func (r *rendered) prune(cids []int) {
	for _, cid := range cids {
		delete(r.components, cid)
		delete(r.page.components, cid)
	}
}

// index reads the key of a slot, an entry or a component.
func index(key string) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0 && strconv.Itoa(i) == key
}
