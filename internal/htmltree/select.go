package htmltree

import (
	"fmt"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// All are the elements inside n that match a CSS selector, in the order of the
// text. The error is about the selector.
func (n Node) All(selector string) ([]Node, error) {
	match, err := compile(selector)
	if err != nil {
		return nil, err
	}
	var found []Node
	for e := range n.Elements() {
		if e != n && match.Match(e.n) {
			found = append(found, e)
		}
	}
	return found, nil
}

// Find is the first of [Node.All], the zero Node when there is none.
func (n Node) Find(selector string) (Node, error) {
	match, err := compile(selector)
	if err != nil {
		return Node{}, err
	}
	for e := range n.Elements() {
		if e != n && match.Match(e.n) {
			return e, nil
		}
	}
	return Node{}, nil
}

// Closest is n, or the nearest element around it, that matches the selector;
// the zero Node when there is none.
func (n Node) Closest(selector string) (Node, error) {
	match, err := compile(selector)
	if err != nil {
		return Node{}, err
	}
	for e := n.n; e != nil && e.Type == html.ElementNode; e = e.Parent {
		if match.Match(e) {
			return Node{e}, nil
		}
	}
	return Node{}, nil
}

func compile(selector string) (cascadia.Matcher, error) {
	group, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil, fmt.Errorf("htmltree: selector %q is no CSS selector: %w", selector, err)
	}
	return group, nil
}
