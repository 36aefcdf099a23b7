package component

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"bennu/render"
)

// Tag is an element whose name is known when the page is drawn, such as the h2 or
// h3 of a heading. What is no name of an element is an error, and so is one that
// holds scripts or styles. What could run code is left out of the attributes.
//
//	@component.Tag("h"+strconv.Itoa(level), templ.Attributes{"class": "title"}) { Contents }
func Tag(name string, attrs ...templ.Attributes) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		if err := checkTag(name); err != nil {
			return err
		}
		w.Nest(slot, element)
		w.Raw(0, "<"+name)
		if err := w.SpreadOn(1, name, together(attrs)); err != nil {
			return err
		}
		if void(name) {
			w.Empty(2)
			w.Raw(3, "")
		} else {
			if err := w.Children(2, children); err != nil {
				return err
			}
			w.Raw(3, "</"+name+">")
		}
		w.End()
		return nil
	})
}

// element is an element of any name: its begin, its attributes, its content and
// its end.
var element = render.New(0x8a3f5c1e77d20b43, 0, "", "", ">", "", "")

// code are the elements whose content is no markup: what is escaped for markup
// would mean something else in them.
const code = " script style iframe noembed noframes noscript plaintext textarea title xmp "

func checkTag(name string) error {
	for i, r := range name {
		if (r < 'a' || r > 'z') && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return fmt.Errorf("component: Tag: %q is no name of an element: want small letters, digits and -", name)
		}
	}
	switch {
	case name == "":
		return fmt.Errorf("component: Tag: the element has no name")
	case strings.Contains(code, " "+name+" "):
		return fmt.Errorf("component: Tag: <%s> holds something other than markup; write it in the template", name)
	}
	return nil
}

// void reports an element that has no content and no end.
func void(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}
