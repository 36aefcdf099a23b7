package js

import (
	"fmt"

	"bennu/internal/htmlattr"
)

// SetAttr sets an attribute of elements. One that holds an address takes none
// that could run code; those that hold scripts or documents are refused.
func SetAttr(to Selector, name, value string) Commands {
	return Commands("").SetAttr(to, name, value)
}

// SetAttr sets an attribute of elements. One that holds an address takes none
// that could run code; those that hold scripts or documents are refused.
func (c Commands) SetAttr(to Selector, name, value string) Commands {
	return c.attr("set_attr", to, name, value)
}

// RemoveAttr takes an attribute off elements.
func RemoveAttr(to Selector, name string) Commands { return Commands("").RemoveAttr(to, name) }

// RemoveAttr takes an attribute off elements.
func (c Commands) RemoveAttr(to Selector, name string) Commands {
	mustBeName("RemoveAttr", name)
	w := c.begin(make(writer, 0, usual), "remove_attr")
	w = w.text("attr", name)
	w = w.to(to)
	return w.end()
}

// ToggleAttr gives elements an attribute that they do not have, with this value,
// and takes it off those that have it, whatever its value.
func ToggleAttr(to Selector, name, value string) Commands {
	return Commands("").ToggleAttr(to, name, value)
}

// ToggleAttr gives elements an attribute that they do not have, with this value,
// and takes it off those that have it, whatever its value.
func (c Commands) ToggleAttr(to Selector, name, value string) Commands {
	return c.attr("toggle_attr", to, name, value)
}

// SwapAttr changes the value of an attribute from one to the other and back,
// as of aria-expanded from "false" to "true".
func SwapAttr(to Selector, name, one, other string) Commands {
	return Commands("").SwapAttr(to, name, one, other)
}

// SwapAttr changes the value of an attribute from one to the other and back,
// as of aria-expanded from "false" to "true". Who has neither gets the first.
func (c Commands) SwapAttr(to Selector, name, one, other string) Commands {
	return c.attr("toggle_attr", to, name, one, other)
}

// IgnoreAttrs leaves attributes of elements as they are on the page, whatever the
// server renders, such as "open" of a dialog; "*" stands for any text: "data-*".
func IgnoreAttrs(to Selector, names ...string) Commands {
	return Commands("").IgnoreAttrs(to, names...)
}

// IgnoreAttrs leaves attributes of elements as they are on the page, whatever the
// server renders, such as "open" of a dialog; "*" stands for any text: "data-*".
// Put it into phx-mounted, so that it is said before the first change.
func (c Commands) IgnoreAttrs(to Selector, names ...string) Commands {
	if len(names) == 0 {
		panic("js: IgnoreAttrs: no attribute is named")
	}
	w := c.begin(make(writer, 0, usual), "ignore_attrs")
	w = w.list("attrs", names)
	w = w.to(to)
	return w.end()
}

func (c Commands) attr(op string, to Selector, name string, values ...string) Commands {
	mustBeName(op, name)
	var room [3]string
	words := append(room[:0], name)
	for _, value := range values {
		words = append(words, attrValue(op, name, value))
	}
	w := c.begin(make(writer, 0, usual), op)
	w = w.list("attr", words)
	w = w.to(to)
	return w.end()
}

func mustBeName(op, name string) {
	if !htmlattr.Valid(name) {
		panic(fmt.Sprintf("js: %s: %q is no name of an attribute", op, name))
	}
}

// attrValue is a value that an attribute may have, on whichever element.
func attrValue(op, name, value string) string {
	kind := htmlattr.Of("", name)
	switch {
	case kind == htmlattr.Script, kind == htmlattr.Document:
		panic(fmt.Sprintf("js: %s: the attribute %s runs what it holds; dispatch an event and handle it in app.js", op, name))
	case kind != htmlattr.Text && !htmlattr.Safe(kind, value):
		return refused(op, value)
	}
	return value
}
