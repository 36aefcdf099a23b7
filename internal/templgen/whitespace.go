package templgen

import "github.com/a-h/templ/parser/v2"

// Where templ keeps space, learnt from what it renders and held by a test that
// compares with it. All runs of whitespace become one space.
//
//   - Space between nodes is kept where it is a node of its own, which is the
//     case after calls, comments and the like, but only inside the blocks of
//     if, for, switch and calls: elements and templates drop it. Blocks drop it
//     at both ends.
//   - Text, inline elements and expressions carry the space after them. It is
//     kept when something inline follows, even on another line. Text also keeps
//     it on its own line whatever follows.
//   - A statement counts as inline, and the last node of its blocks is followed
//     by what follows the statement. Before a statement there is a space even
//     if the source has none: the parser takes the line break for it.

// withoutSpace returns nodes without whitespace between them.
func withoutSpace(nodes []parser.Node) []parser.Node {
	kept := make([]parser.Node, 0, len(nodes))
	for _, n := range nodes {
		if !isSpace(n) {
			kept = append(kept, n)
		}
	}
	return kept
}

// trimSpace returns nodes without whitespace at the ends.
func trimSpace(nodes []parser.Node) []parser.Node {
	for len(nodes) > 0 && isSpace(nodes[0]) {
		nodes = nodes[1:]
	}
	for len(nodes) > 0 && isSpace(nodes[len(nodes)-1]) {
		nodes = nodes[:len(nodes)-1]
	}
	return nodes
}

func isSpace(n parser.Node) bool {
	_, ok := n.(*parser.Whitespace)
	return ok
}

// spaceAfter reports whether the space that n carries is kept before next,
// which is nil at the end of an element or template.
func spaceAfter(n, next parser.Node) bool {
	switch n := n.(type) {
	case *parser.Text:
		return n.TrailingSpace == parser.SpaceHorizontal || n.TrailingSpace == parser.SpaceVertical && isInline(next)
	case *parser.Element:
		return n.TrailingSpace != parser.SpaceNone && !n.IsBlockElement() && isInline(next)
	case *parser.StringExpression:
		return n.TrailingSpace != parser.SpaceNone && isInline(next)
	}
	return false
}

func isInline(n parser.Node) bool {
	switch n := n.(type) {
	case *parser.Text, *parser.StringExpression, *parser.IfExpression, *parser.ForExpression, *parser.SwitchExpression:
		return true
	case *parser.Element:
		return !n.IsBlockElement()
	}
	return false
}
