package htmltree

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is the text that a reader of the element sees: white space is one space
// wherever there is some, and elements that begin a new line or a new cell keep
// their text apart from that of others. Scripts, styles and templates have none.
func (n Node) Text() string {
	var t textWriter
	t.node(n.n)
	return t.b.String()
}

// Squeeze brings text to the form of [Node.Text].
func Squeeze(text string) string {
	var t textWriter
	t.text(text)
	return t.b.String()
}

// textWriter collects text; gap says that white space came since the last of it.
type textWriter struct {
	b   strings.Builder
	gap bool
}

func (t *textWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		t.text(n.Data)
		return
	case html.ElementNode:
		if unread[n.DataAtom] {
			return
		}
	}
	apart := n.Type == html.ElementNode && !inline[n.DataAtom]
	t.gap = t.gap || apart
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.node(c)
	}
	t.gap = t.gap || apart
}

func (t *textWriter) text(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			t.gap = true
			continue
		}
		if t.gap && t.b.Len() > 0 {
			t.b.WriteByte(' ')
		}
		t.gap = false
		t.b.WriteRune(r)
	}
}

// unread are the elements whose content nobody reads.
var unread = set(atom.Script, atom.Style, atom.Template, atom.Noscript)

// inline are the elements that stand within a line of text. All others begin
// one of their own, elements that HTML does not know included.
var inline = set(atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Data, atom.Del,
	atom.Dfn, atom.Em, atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small,
	atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.U, atom.Var, atom.Wbr)

func set(atoms ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		m[a] = true
	}
	return m
}

// RawText is all text inside the element as it was written, white space and all.
func (n Node) RawText() string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n.n)
	return b.String()
}
