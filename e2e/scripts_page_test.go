package e2e

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// thing is something on a page that a visitor can use.
type thing struct {
	kind     string // "click", "crash", "key", "form", "link", "away", "scroll"
	selector string // of its own, from the page's view on
	view     string // the id of the nested view that it stands in, "" for the page itself

	event, submit string // what it sends: a form by phx-change and phx-submit, a list by its ends
	values        map[string]string
	target        string // phx-target
	key           string // phx-key
	href          string
	fields        url.Values // of a form, as the page has them
	texts         []string   // its inputs that take text
}

// fragment is markup as nodes; x/net/html takes any.
func fragment(markup string) *html.Node {
	top := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(markup), top)
	if err != nil {
		top.AppendChild(&html.Node{Type: html.TextNode, Data: err.Error()})
	}
	for _, n := range nodes {
		top.AppendChild(n)
	}
	return top
}

// attrs are the attributes of an element.
func attrs(n *html.Node) map[string]string {
	m := make(map[string]string, len(n.Attr))
	for _, a := range n.Attr {
		m[a.Key] = a.Val
	}
	return m
}

// things are all there are on a page.
func things(markup string) []thing {
	var all []thing
	eachChild(fragment(markup), "[data-phx-main]", func(n *html.Node, path string) { collect(n, path, "", &all) })
	return all
}

// eachChild calls f with the elements in one, each with a selector.
func eachChild(n *html.Node, path string, f func(n *html.Node, path string)) {
	i := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			i++
			f(c, fmt.Sprintf("%s > :nth-child(%d)", path, i))
		}
	}
}

func collect(n *html.Node, path, view string, all *[]thing) {
	a := attrs(n)
	if _, nested := a["data-phx-session"]; nested {
		view = a["id"]
	}
	add := func(kind string, t thing) {
		t.kind, t.selector, t.view, t.target = kind, path, view, a["phx-target"]
		*all = append(*all, t)
	}
	for name, value := range a {
		if strings.HasPrefix(name, "phx-") && strings.HasPrefix(value, "[") {
			delete(a, name) // commands for the client
		}
	}
	_, disabled := a["disabled"]
	click, change, submit := a["phx-click"], a["phx-change"], a["phx-submit"]
	top, bottom := a["phx-viewport-top"], a["phx-viewport-bottom"]
	switch href, link := a["href"]; {
	case disabled || closed(href):
	case click == "crash":
		add("crash", thing{event: click})
	case click != "":
		add("click", thing{event: click, values: phxValues(a)})
	case link && a["data-phx-link"] != "":
		add("link", thing{href: href, event: a["data-phx-link"]})
	case link && strings.HasPrefix(href, "/"):
		add("away", thing{href: href})
	case n.Data == "form" && change+submit != "":
		fields, texts := inputs(n)
		add("form", thing{event: change, submit: submit, fields: fields, texts: texts})
	case top+bottom != "":
		add("scroll", thing{event: bottom, submit: top})
	}
	if key := a["phx-window-keydown"]; key != "" {
		add("key", thing{event: key, key: a["phx-key"]})
	}
	if a["phx-update"] == "ignore" || n.Data == "template" {
		return // what stands there is the page's own, or stands elsewhere
	}
	eachChild(n, path, func(c *html.Node, path string) { collect(c, path, view, all) })
}

// phxValues are what a click sends.
func phxValues(a map[string]string) map[string]string {
	values := map[string]string{"value": ""}
	for name, v := range a {
		if name, ok := strings.CutPrefix(name, "phx-value-"); ok {
			values[name] = v
		}
	}
	return values
}

// inputs are the fields of a form, and which of them take text.
func inputs(form *html.Node) (fields url.Values, texts []string) {
	fields = url.Values{}
	for n := range form.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" && n.Data != "textarea" {
			continue
		}
		a := attrs(n)
		name := a["name"]
		if name == "" {
			continue
		}
		fields.Set(name, a["value"])
		switch a["type"] {
		case "", "text", "search", "number":
			texts = append(texts, name)
		}
	}
	return fields, texts
}

// words are what visitors type.
var words = []string{"", "7", "-3.5", "milk", "<b>bold</b>", "héron", strings.Repeat("long ", 40), "\" onclick=\"x", "🪶 and \u202e text"}
