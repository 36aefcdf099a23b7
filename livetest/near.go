package livetest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/htmltree"
	"bennu/internal/nearest"
)

// What failures say beyond what is there: what was probably meant.

// nameInSelector are the ids and classes that a selector names.
var nameInSelector = regexp.MustCompile(`[#.]-?[_a-zA-Z][\w-]*`)

// otherNames is a question about ids and classes of a selector that nothing on
// the page has and that are almost those of something, "" for none.
func otherNames(in htmltree.Node, selector string) string {
	has := map[string]bool{}
	for e := range in.Elements() {
		if id := e.ID(); id != "" {
			has["#"+id] = true
		}
		class, _ := e.Attr("class")
		for name := range strings.FieldsSeq(class) {
			has["."+name] = true
		}
	}
	for _, name := range nameInSelector.FindAllString(selector, -1) {
		if has[name] {
			continue
		}
		var known []string
		for other := range has {
			if other[0] == name[0] {
				known = append(known, other[1:])
			}
		}
		slices.Sort(known)
		if near := nearest.Name(name[1:], known); near != "" {
			return fmt.Sprintf("\nno element has %s; did you mean %q?", name, name[:1]+near)
		}
	}
	return ""
}

// textAsSelector is a hint about a selector that is the text of an element.
func textAsSelector(in htmltree.Node, e *Element) string {
	if len(e.text) > 0 {
		return ""
	}
	for n := range in.Elements() {
		if n != in && len(n.Children()) == 0 && n.Text() == htmltree.Squeeze(e.selector) {
			return fmt.Sprintf("\nthe first argument is a CSS selector; for the element with this text write Element(%q, %q)", n.Tag(), e.selector)
		}
	}
	return ""
}

// otherText is a question about a text that one of the elements almost has, ""
// for none.
func otherText(nodes []htmltree.Node, text string) string {
	text = htmltree.Squeeze(text)
	known := map[string]bool{}
	for _, n := range nodes {
		has := n.Text()
		if strings.EqualFold(has, text) {
			return fmt.Sprintf("\ndid you mean %q?", has)
		}
		if has != "" && len(has) <= 100 {
			known[has] = true
		}
	}
	if len(text) > 100 {
		return ""
	}
	if near := nearest.Name(text, slices.Sorted(maps.Keys(known))); near != "" {
		return fmt.Sprintf("\ndid you mean %q?", near)
	}
	return ""
}

// otherCase is a hint about a text that the page shows in other letters.
func otherCase(shown, text string) string {
	i := strings.Index(strings.ToLower(shown), strings.ToLower(text))
	if i < 0 || i+len(text) > len(shown) || !strings.EqualFold(shown[i:i+len(text)], text) {
		return ""
	}
	return fmt.Sprintf("\nit shows %q; capitals count", shown[i:i+len(text)])
}

// whereabouts is why a page may not show what it should: it was sent away, it
// waits for something. Where it is comes first.
func (b *tab) whereabouts() string {
	var text strings.Builder
	switch {
	case b.away != nil:
		fmt.Fprintf(&text, "\n%v", b.awayError())
	case b.main != nil && b.main.status == crashed:
		text.WriteString("\nthe view has crashed; Rejoin mounts a new one, as the client does after a second")
	case b.closed:
		text.WriteString("\nthe View is closed")
	case b.main != nil && b.main.status != joined:
		text.WriteString("\nthe connection is cut; Rejoin connects again")
	}
	if running, _, _ := b.site.witness.Running(); len(running) > 0 {
		fmt.Fprintf(&text, "\nbackground work still runs: %s", strings.Join(running, ", "))
	}
	return text.String()
}

// outside is a hint about an element that is on the page and not in the view.
func (v *View) outside(e *Element) string {
	_, matching, err := find(v.doc.tree, e.selector, e.text)
	if err != nil || len(matching) == 0 {
		return ""
	}
	beside := slices.DeleteFunc(matching, func(n htmltree.Node) bool { return v.content().Contains(n) || n == v.content() })
	if len(beside) == 0 {
		return ""
	}
	return "\nthe page has it outside of the view, where nothing is live (Dead has the page as it was requested):\n" + listing(beside)
}

// tokens are attributes that are long and tell nobody anything.
var tokens = regexp.MustCompile(` (data-phx-session|data-phx-static)="[^"]{20,}"`)

// withoutTokens is HTML that people can read.
func withoutTokens(html string) string { return tokens.ReplaceAllString(html, ` $1="…"`) }

// quoted are names as a sentence lists them.
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strconv.Quote(name)
	}
	return strings.Join(out, ", ")
}
