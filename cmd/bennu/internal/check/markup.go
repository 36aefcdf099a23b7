package check

// templFile is one .templ file.
type templFile struct {
	path      string
	text      string
	lines     []int // offset at which each line begins
	templates []*template
	scripts   map[string]bool // templ's script templates, by name
	templName string          // what the file calls package templ
}

// A template is one templ declaration, as far as checks look at it.
type template struct {
	file  *templFile
	name  string // as people call it: page, or Page.header for a method
	at    place  // of its name
	nodes []node
	root  root
}

// A node is an *element, a *choice, a *loop or a *call. Text, expressions and
// comments are left out.
type node any

// An element is a start tag with what is in it.
type element struct {
	name    string
	at      place // of the <
	attrs   []attribute
	unknown bool // has attributes that are only known at run time
	nodes   []node
}

// An attribute has a name that is constant.
type attribute struct {
	name        string // in lower case, as browsers see it
	at          place
	value       string // when constant
	valueAt     place
	constant    bool
	bare        bool // without a value
	expr        string
	to          place // end of the expression
	conditional bool  // stands in an if, or is name?={ }
	asked       bool  // is name?={ }
}

// A choice is an if or a switch: one of its branches is rendered, or none.
type choice struct{ branches [][]node }

// A loop is a for.
type loop struct {
	at, to place
	expr   string // its head, "for" left out
	nodes  []node
}

// A call is @component, with the block that is its children.
type call struct {
	at, to place
	expr   string
	nodes  []node
}

// attr is the element's attribute of that name, nil for none.
func (e *element) attr(name string) *attribute {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			return &e.attrs[i]
		}
	}
	return nil
}

// has reports whether the element has the attribute, or may have it.
func (e *element) has(name string) bool { return e.unknown || e.attr(name) != nil }

// about is a finding about an attribute or another part of the element.
func (e *element) about(f Finding) Finding {
	f.element = e.at.line
	return f
}

// elements calls do for every element of a tree, from the outside in.
func elements(nodes []node, do func(*element)) {
	for _, n := range nodes {
		if e, ok := n.(*element); ok {
			do(e)
		}
		for _, inner := range inside(n) {
			elements(inner, do)
		}
	}
}

// calls calls do for every call of a tree.
func calls(nodes []node, do func(*call)) {
	for _, n := range nodes {
		if c, ok := n.(*call); ok {
			do(c)
		}
		for _, inner := range inside(n) {
			calls(inner, do)
		}
	}
}

// inside are the lists of nodes that a node has.
func inside(n node) [][]node {
	switch n := n.(type) {
	case *element:
		return [][]node{n.nodes}
	case *choice:
		return n.branches
	case *loop:
		return [][]node{n.nodes}
	case *call:
		return [][]node{n.nodes}
	}
	return nil
}
