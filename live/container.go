package live

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Contained is a [View] that chooses the element that it stands in, which is a
// <div> else. Container is asked of a view that is not mounted and says the same
// each time. All pages of a live session stand in elements of one tag, because
// the browser keeps the element when it navigates between them.
type Contained interface {
	Container() Container
}

// Container is the element of a view: its tag, "" for "div", and attributes of
// it besides those by which the client knows it.
type Container struct {
	Tag   string
	Attrs map[string]string
}

// ContainerOf is the container of a view; an error says what is wrong with it.
func ContainerOf(v View) (Container, error) {
	var c Container
	if own, ok := v.(Contained); ok {
		c = own.Container()
	}
	return c.Complete()
}

// Complete is the container with its tag; an error says what is wrong with it.
func (c Container) Complete() (Container, error) {
	c.Tag = cmp.Or(c.Tag, "div")
	return c, c.check()
}

// Frame is what a page load sets around a view. It is shared by all pages of a
// route.
type Frame struct {
	Title     string
	Container Container // complete
}

var (
	containerTag  = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	containerAttr = regexp.MustCompile(`^[a-z][a-z0-9:._-]*$`)
	// notContainers cannot have a page in them.
	notContainers = []string{"script", "style", "template", "textarea", "title", "noscript", "iframe", "svg", "math", "html", "head", "body",
		"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)

func (c Container) check() error {
	if !containerTag.MatchString(c.Tag) || slices.Contains(notContainers, c.Tag) {
		return fmt.Errorf("Container has the tag %q, want one that a page can stand in, such as \"main\" or \"section\"", c.Tag)
	}
	for name := range c.Attrs {
		switch {
		case name == "id" || strings.HasPrefix(name, "data-phx-"):
			return fmt.Errorf("Container has the attribute %q, which belongs to the framework; leave it out", name)
		case !containerAttr.MatchString(name) || strings.HasPrefix(name, "on"):
			return fmt.Errorf("Container has the attribute %q, want a lower-case name that is no event handler", name)
		}
	}
	return nil
}

// Open is the start tag up to the value of the id, which the caller writes, with
// the quote that ends it and what else belongs there.
func (c Container) Open() string {
	var b strings.Builder
	b.WriteString("<" + c.Tag)
	for _, name := range slices.Sorted(maps.Keys(c.Attrs)) {
		b.WriteString(" " + name + `="` + html.EscapeString(c.Attrs[name]) + `"`)
	}
	b.WriteString(` id="`)
	return b.String()
}

// Close is the end tag.
func (c Container) Close() string { return "</" + c.Tag + ">" }

// json is the container as the reply of a join has it.
func (c Container) json() []byte {
	attrs := c.Attrs
	if attrs == nil {
		attrs = map[string]string{}
	}
	text, _ := json.Marshal([]any{c.Tag, attrs}) // strings
	return text
}
