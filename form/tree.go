package form

import "bytes"

// tree is the nesting that the names of an HTML form spell. Of the pairs
//
//	user[name]=ann  user[tags][]=a  user[tags][]=b
//
// it makes
//
//	user ── name "ann"
//	     └─ tags ── [] "a"
//	             └─ [] "b"
//
// Nodes lie in one slice and know each other by their index in it, so a tree
// is one allocation and one bulk for the collector.
type tree struct {
	nodes []node
	pairs int
	index map[childKey]int32 // only of nodes with many children
	problems
}

// node is one segment of a name. The zero index means none: node 0 is the
// root, which is nobody's child.
type node struct {
	name        []byte // empty for []
	text        []byte // of a leaf
	leaf        bool   // a value was given for exactly this name
	first, last int32  // children, in the order in which they came
	next        int32  // sibling
	older       int32  // of a name that came repeatedly: a node with the value before
	children    int32
}

type childKey struct {
	parent int32
	name   string
}

// manyChildren is the number of children from which on they are looked up in a
// map; a form of a thousand fields then takes no longer per field.
const manyChildren = 32

func newTree(pairs int) *tree {
	return &tree{nodes: make([]node, 1, 1+2*pairs)}
}

// add puts a value into the tree. A later pair wins over what does not go
// together with it: a=1 and then a[b]=2 is a[b]=2.
func (t *tree) add(name, value []byte) error {
	if t.pairs++; t.pairs > maxKeys {
		return errTooMany("fields", maxKeys)
	}
	first, rest := cutName(name)
	at := t.child(0, first)
	for depth := 1; len(rest) > 0; depth++ {
		if depth == maxDepth {
			return errTooDeep()
		}
		t.nodes[at].leaf = false
		t.nodes[at].older = 0
		end := bytes.IndexByte(rest, ']')
		segment := rest[1:end:end]
		rest = rest[end+1:]
		at = t.child(at, segment)
	}
	if t.nodes[at].leaf {
		t.nodes = append(t.nodes, node{text: t.nodes[at].text, leaf: true, older: t.nodes[at].older})
		t.nodes[at].older = int32(len(t.nodes) - 1)
	}
	t.drop(at)
	t.nodes[at].text, t.nodes[at].leaf = value, true
	return nil
}

// drop takes the children of a node away.
func (t *tree) drop(at int32) {
	n := &t.nodes[at]
	if n.children >= manyChildren {
		for c := n.first; c != 0; c = t.nodes[c].next {
			delete(t.index, childKey{at, string(t.nodes[c].name)})
		}
	}
	n.first, n.last, n.children = 0, 0, 0
}

// cutName divides user[name][] into user and [name][]. A name with brackets
// that do not pair up is one plain name.
func cutName(name []byte) (first, rest []byte) {
	open := bytes.IndexByte(name, '[')
	if open <= 0 {
		return name, nil
	}
	for rest := name[open:]; len(rest) > 0; {
		end := bytes.IndexByte(rest, ']')
		if rest[0] != '[' || end < 0 || bytes.IndexByte(rest[1:end], '[') >= 0 {
			return name, nil
		}
		rest = rest[end+1:]
	}
	return name[:open:open], name[open:]
}

// child is the child of this name, a new one where there is none. A child
// without a name is always new: each [] is one more item.
func (t *tree) child(parent int32, name []byte) int32 {
	if len(name) > 0 || parent == 0 {
		if c := t.find(parent, name); c != 0 {
			return c
		}
	}
	t.nodes = append(t.nodes, node{name: name})
	c := int32(len(t.nodes) - 1)
	p := &t.nodes[parent]
	if p.last == 0 {
		p.first = c
	} else {
		t.nodes[p.last].next = c
	}
	p.last = c
	p.children++
	switch {
	case p.children == manyChildren:
		if t.index == nil {
			t.index = map[childKey]int32{}
		}
		for i := p.first; i != 0; i = t.nodes[i].next {
			t.index[childKey{parent, string(t.nodes[i].name)}] = i
		}
	case p.children > manyChildren:
		t.index[childKey{parent, string(name)}] = c
	}
	return c
}

// find is the child of this name, 0 when there is none.
func (t *tree) find(parent int32, name []byte) int32 {
	p := &t.nodes[parent]
	if p.children >= manyChildren {
		return t.index[childKey{parent, string(name)}]
	}
	for c := p.first; c != 0; c = t.nodes[c].next {
		if bytes.Equal(t.nodes[c].name, name) {
			return c
		}
	}
	return 0
}
