package livetest

import "fmt"

// table are the shared statics of a message, by number.
type table map[string][]string

// newNode makes a node of an object that has statics.
func newNode(o object, inherited table) (*node, error) {
	n := &node{changed: true}
	_, n.list = o["k"]
	own, err := ownTable(o)
	if err != nil {
		return nil, err
	}
	scope := scopeOf(n.list, own, inherited)
	from := scope
	if n.list {
		from = inherited // a list's own table is for its entries only
	}
	if n.statics, err = statics(o["s"], from); err != nil {
		return nil, err
	}
	if r, ok := o["r"]; ok {
		if n.single = isNumber(r, "1"); !n.single {
			return nil, fmt.Errorf("r is %v, want 1 or nothing", r)
		}
	}
	if n.list {
		if err := onlyKeys(o, "s", "k", "p", "stream"); err != nil {
			return nil, err
		}
		_, n.flows = o["stream"]
		return n, n.mergeList(o, scope)
	}
	return n, n.fill(o, scope)
}

// scopeOf is the table for what is inside a node: its own before an inherited
// one, but the inherited one first for a list.
func scopeOf(list bool, own, inherited table) table {
	if own == nil || list && inherited != nil {
		return inherited
	}
	return own
}

// fill gives a new node, or a new entry, all its slots.
func (n *node) fill(o object, scope table) error {
	n.slots = make([]slot, len(n.statics)-1)
	for i := range n.slots {
		value, ok := o[fmt.Sprint(i)]
		if !ok {
			return fmt.Errorf("slot %d of the new node %q is missing, the client would show undefined", i, n.statics)
		}
		if err := n.slots[i].set(value, scope); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	return n.knownKeys(o)
}

// merge brings a node up to date with an object that has no statics.
func (n *node) merge(o object, inherited table) error {
	n.changed = true
	own, err := ownTable(o)
	if err != nil {
		return err
	}
	scope := scopeOf(n.list, own, inherited)
	if n.list {
		if err := onlyKeys(o, "k", "p", "stream"); err != nil {
			return err
		}
		if _, flows := o["stream"]; flows != n.flows {
			return fmt.Errorf("a list is a stream from its first message on or never: %v", o)
		}
		return n.mergeList(o, scope)
	}
	for i := range n.slots {
		value, ok := o[fmt.Sprint(i)]
		if !ok {
			continue
		}
		if err := n.slots[i].set(value, scope); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	return n.knownKeys(o)
}

// knownKeys checks that an object has nothing that the node has no place for.
func (n *node) knownKeys(o object) error {
	for key := range o {
		i, isIndex := index(key)
		switch {
		case isIndex && i >= len(n.slots):
			return fmt.Errorf("slot %d of a node with %d: %q", i, len(n.slots), n.statics)
		case !isIndex && key != "s" && key != "p" && key != "r":
			return fmt.Errorf("unknown key %q in %v", key, o)
		}
	}
	return nil
}

func onlyKeys(o object, known ...string) error {
	for key := range o {
		ok := false
		for _, k := range known {
			ok = ok || k == key
		}
		if !ok {
			return fmt.Errorf("unknown key %q in the list %v", key, o)
		}
	}
	return nil
}

// set puts a value from a message into a slot.
func (s *slot) set(value any, scope table) error {
	switch v := value.(type) {
	case string:
		*s = slot{text: v}
	case number:
		cid, ok := v.int()
		if !ok || cid < 1 {
			return fmt.Errorf("%s is no component, and numbers to show must be strings", v)
		}
		*s = slot{cid: cid}
	case object:
		if _, full := v["s"]; full {
			n, err := newNode(v, scope)
			*s = slot{node: n}
			return err
		}
		if s.node == nil {
			return fmt.Errorf("an update without statics of a node that the client does not have: %v", v)
		}
		return s.node.merge(v, scope)
	default:
		return fmt.Errorf("%v, want a string, a component's number or an object", value)
	}
	return nil
}

// mergeList brings the entries of a list up to date. Numbers of old entries
// mean the list as it was before the message.
func (n *node) mergeList(o object, scope table) error {
	k, ok, err := member[object](o, "k")
	if err != nil || !ok {
		return fmt.Errorf("a list without entries: %v", o)
	}
	kc, _ := k["kc"].(number)
	count, ok := kc.int()
	if !ok || count < 0 {
		return fmt.Errorf("kc is %v, want the number of entries", k["kc"])
	}
	if n.flows {
		if n.stream, err = readStream(o["stream"]); err != nil {
			return err
		}
		n.entries = nil // of a message that nothing was drawn for
	}
	u := listUpdate{list: n, old: n.entries, moves: k["km"] == true, scope: scope, taken: map[int]bool{}}
	if count > len(n.entries)+len(k) {
		return fmt.Errorf("kc is %d, but there were %d entries and %d came", count, len(n.entries), len(k))
	}
	entries := make([]*node, count)
	for i := range entries {
		if entries[i], err = u.moved(k[fmt.Sprint(i)]); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	for i := range entries {
		if entries[i], err = u.entry(i, k[fmt.Sprint(i)], entries[i]); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	n.entries = entries
	for key := range k {
		if i, ok := index(key); key != "kc" && key != "km" && (!ok || i >= count) {
			return fmt.Errorf("unknown key %q in a list of %d", key, count)
		}
	}
	return nil
}

// listUpdate is one update of a list's entries.
type listUpdate struct {
	list  *node
	old   []*node
	moves bool // km
	scope table
	taken map[int]bool
}

// moved is a copy of the old entry that value moves to a new place, nil when
// it moves none. Copies are taken before anything is merged.
func (u *listUpdate) moved(value any) (*node, error) {
	if pair, ok := value.([]any); ok && len(pair) == 2 {
		value = pair[0]
	}
	from, ok := value.(number)
	if !ok {
		return nil, nil
	}
	j, ok := from.int()
	switch {
	case !u.moves:
		return nil, fmt.Errorf("a move without km, the client throws at it")
	case !ok || j < 0 || j >= len(u.old):
		return nil, fmt.Errorf("moved from %s, there were %d entries", from, len(u.old))
	case u.taken[j]:
		return nil, fmt.Errorf("moved from %d like another one, the client would take both for one object", j)
	}
	u.taken[j] = true
	return u.old[j].clone(), nil
}

// entry is the new entry at place i.
func (u *listUpdate) entry(i int, value any, moved *node) (*node, error) {
	switch v := value.(type) {
	case nil:
		if i >= len(u.old) {
			return nil, fmt.Errorf("is missing, there were %d entries", len(u.old))
		}
		return u.old[i], nil
	case number:
		return moved, nil
	case []any:
		diff, ok := v[len(v)-1].(object)
		if moved == nil || !ok {
			return nil, fmt.Errorf("%v, want [old place, diff]", v)
		}
		return moved, moved.merge(diff, u.scope)
	case object:
		if i < len(u.old) {
			return u.old[i], u.old[i].merge(v, u.scope)
		}
		e := &node{statics: u.list.statics, changed: true}
		return e, e.fill(v, u.scope)
	}
	return nil, fmt.Errorf("%v, want an object, an old place, or [old place, diff]", value)
}

// ownTable is the table of shared statics that an object brings, nil for none.
func ownTable(o object) (table, error) {
	p, ok, err := member[object](o, "p")
	if err != nil || !ok {
		return nil, err
	}
	t := table{}
	for key, value := range p {
		if _, ok := value.([]any); !ok {
			return nil, fmt.Errorf("p: %q: %v, want a list of strings", key, value)
		}
		if t[key], err = statics(value, nil); err != nil {
			return nil, fmt.Errorf("p: %q: %w", key, err)
		}
	}
	return t, nil
}

// statics reads the member s: a list of strings, or a number in the table.
func statics(s any, from table) ([]string, error) {
	switch v := s.(type) {
	case number:
		if found, ok := from[v.String()]; ok {
			return found, nil
		}
		return nil, fmt.Errorf("s is %s, which no table in scope has", v)
	case []any:
		list := make([]string, len(v))
		for i, s := range v {
			text, ok := s.(string)
			if !ok {
				return nil, fmt.Errorf("s has %v, want strings only", s)
			}
			list[i] = text
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("s is empty, want at least one string")
		}
		return list, nil
	}
	return nil, fmt.Errorf("s is %v, want a list of strings", s)
}
