package htmltree

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Fragment is a copy of the element, in no tree, whose content is the given
// HTML, parsed as innerHTML does in a browser.
func (n Node) Fragment(fragment string) (Node, error) {
	own := *n.n
	c := Node{&html.Node{Type: own.Type, Data: own.Data, DataAtom: own.DataAtom, Namespace: own.Namespace, Attr: append([]html.Attribute(nil), own.Attr...)}}
	return c, c.SetInner(fragment)
}

// Element is the one element that the HTML is, parsed as content of the element
// n and in no tree. White space and comments around it are left out.
func (n Node) Element(fragment string) (Node, error) {
	all, err := n.Fragment(fragment)
	if err != nil {
		return Node{}, err
	}
	children := all.Children()
	if len(children) != 1 {
		return Node{}, fmt.Errorf("htmltree: %d elements, want one", len(children))
	}
	children[0].Remove()
	return children[0], nil
}

// Children are the elements right inside of n.
func (n Node) Children() []Node {
	var found []Node
	for c := n.n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			found = append(found, Node{c})
		}
	}
	return found
}

// Contains reports whether other is n or stands in it.
func (n Node) Contains(other Node) bool {
	for p := other.n; p != nil; p = p.Parent {
		if p == n.n {
			return true
		}
	}
	return false
}

// Remove takes the element out of its tree. It stays good, with its content.
func (n Node) Remove() {
	if n.n.Parent != nil {
		n.n.Parent.RemoveChild(n.n)
	}
}

// Insert puts child, which is taken from where it was, into n before one of n's
// children, at the end if that is the zero Node.
func (n Node) Insert(child, before Node) {
	if child == before {
		return
	}
	child.Remove()
	n.n.InsertBefore(child.n, before.n)
}

// Replace puts other, which is taken from where it was, in the place of n, which
// then stands in no tree.
func (n Node) Replace(other Node) {
	if n == other || n.n.Parent == nil {
		return
	}
	other.Remove()
	n.n.Parent.InsertBefore(other.n, n.n)
	n.Remove()
}

// TakeContent moves all that stands in other into n, in the place of its own.
func (n Node) TakeContent(other Node) {
	n.Clear()
	for c := other.n.FirstChild; c != nil; c = other.n.FirstChild {
		other.n.RemoveChild(c)
		n.n.AppendChild(c)
	}
}

// Clear takes out all that stands in n.
func (n Node) Clear() {
	for c := n.n.FirstChild; c != nil; c = n.n.FirstChild {
		n.n.RemoveChild(c)
	}
}

// SetAttr gives the element an attribute, or an attribute another value.
func (n Node) SetAttr(name, value string) {
	for i, a := range n.n.Attr {
		if a.Namespace == "" && a.Key == name {
			n.n.Attr[i].Val = value
			return
		}
	}
	n.n.Attr = append(n.n.Attr, html.Attribute{Key: name, Val: value})
}

// RemoveAttrs takes away the attributes of which drop says so.
func (n Node) RemoveAttrs(drop func(name string) bool) {
	kept := n.n.Attr[:0:0]
	for _, a := range n.n.Attr {
		if a.Namespace != "" || !drop(a.Key) {
			kept = append(kept, a)
		}
	}
	n.n.Attr = kept
}

// ByID is the element in and at n that has the id, the zero Node when none has.
func (n Node) ByID(id string) Node {
	for e := range n.Elements() {
		if id != "" && e.ID() == id {
			return e
		}
	}
	return Node{}
}

// LooseText is text right inside of n that is more than white space, "" without
// any.
func (n Node) LooseText() string {
	for c := n.n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return strings.TrimSpace(c.Data)
		}
	}
	return ""
}
