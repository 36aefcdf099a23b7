// Package htmltree is parsed HTML as tests and checks want to ask about it: by
// CSS selector, for its text, its attributes and its mistakes. It is the one
// place that knows golang.org/x/net/html and cascadia.
package htmltree

import (
	"fmt"
	"iter"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Node is an element or a document. Two Nodes are equal when they are the same
// place of the same tree. The zero Node is no place at all.
type Node struct{ n *html.Node }

// Parse parses a whole page the way a browser does, mending what is not well
// formed. It fails only on nesting of more than 512 elements.
func Parse(page string) (Node, error) {
	n, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return Node{}, fmt.Errorf("htmltree: %w", err)
	}
	return Node{n}, nil
}

// IsZero reports whether n is no place at all.
func (n Node) IsZero() bool { return n.n == nil }

// Tag is the element's name in lower case, "" for a document.
func (n Node) Tag() string {
	if n.n.Type != html.ElementNode {
		return ""
	}
	return n.n.Data
}

// Attr is the value of an attribute, and whether the element has it.
func (n Node) Attr(name string) (string, bool) {
	for _, a := range n.n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// Has reports whether the element has the attribute.
func (n Node) Has(attr string) bool {
	_, ok := n.Attr(attr)
	return ok
}

// ID is the id attribute, "" without one.
func (n Node) ID() string {
	id, _ := n.Attr("id")
	return id
}

// Attrs are the attributes, in the order in which they were written.
func (n Node) Attrs() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, a := range n.n.Attr {
			if !yield(a.Key, a.Val) {
				return
			}
		}
	}
}

// Parent is the element around n, the zero Node when there is none.
func (n Node) Parent() Node {
	if p := n.n.Parent; p != nil && p.Type == html.ElementNode {
		return Node{p}
	}
	return Node{}
}

// Elements are n, if it is an element, and all elements in it, in the order of
// the text. What a <template> holds is no part of the page and left out.
func (n Node) Elements() iter.Seq[Node] {
	return func(yield func(Node) bool) { elements(n.n, yield) }
}

func elements(n *html.Node, yield func(Node) bool) bool {
	if n.Type == html.ElementNode && !yield(Node{n}) {
		return false
	}
	if isTemplate(n) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !elements(c, yield) {
			return false
		}
	}
	return true
}

func isTemplate(n *html.Node) bool {
	return n.Type == html.ElementNode && n.DataAtom == atom.Template && n.Namespace == ""
}

// Outer is the element as HTML, with its own tag.
func (n Node) Outer() string {
	var b strings.Builder
	write(&b, n.n)
	return b.String()
}

// Inner is what stands inside the element, as HTML.
func (n Node) Inner() string {
	var b strings.Builder
	for c := n.n.FirstChild; c != nil; c = c.NextSibling {
		write(&b, c)
	}
	return b.String()
}

// write cannot fail on a tree that came out of the parser, or that SetInner
// made: both have only nodes that can be written, and the builder takes all.
func write(b *strings.Builder, n *html.Node) {
	if err := html.Render(b, n); err != nil {
		fmt.Fprintf(b, "<!-- htmltree: %v -->", err)
	}
}

// SetInner puts parsed HTML in the place of all that stands inside the element,
// as innerHTML does in a browser.
func (n Node) SetInner(fragment string) error {
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{
		Type: html.ElementNode, Data: n.n.Data, DataAtom: n.n.DataAtom, Namespace: n.n.Namespace,
	})
	if err != nil {
		return fmt.Errorf("htmltree: %w", err)
	}
	for c := n.n.FirstChild; c != nil; c = n.n.FirstChild {
		n.n.RemoveChild(c)
	}
	for _, c := range nodes {
		n.n.AppendChild(c)
	}
	return nil
}
