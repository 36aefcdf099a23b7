package js

import "strings"

// AddClass adds classes to elements: one or more names with spaces between them.
func AddClass(to Selector, names string, how ...ClassOption) Commands {
	return Commands("").AddClass(to, names, how...)
}

// AddClass adds classes to elements: one or more names with spaces between them.
func (c Commands) AddClass(to Selector, names string, how ...ClassOption) Commands {
	return c.class("add_class", to, names, how)
}

// RemoveClass takes classes off elements.
func RemoveClass(to Selector, names string, how ...ClassOption) Commands {
	return Commands("").RemoveClass(to, names, how...)
}

// RemoveClass takes classes off elements.
func (c Commands) RemoveClass(to Selector, names string, how ...ClassOption) Commands {
	return c.class("remove_class", to, names, how)
}

// ToggleClass adds those of the classes that an element does not have, and takes
// off those that it has.
func ToggleClass(to Selector, names string, how ...ClassOption) Commands {
	return Commands("").ToggleClass(to, names, how...)
}

// ToggleClass adds those of the classes that an element does not have, and takes
// off those that it has.
func (c Commands) ToggleClass(to Selector, names string, how ...ClassOption) Commands {
	return c.class("toggle_class", to, names, how)
}

func (c Commands) class(op string, to Selector, names string, how []ClassOption) Commands {
	var m motion
	for _, o := range how {
		o.forClass(&m)
	}
	w := c.begin(make(writer, 0, usual), op)
	w = w.list("names", strings.Fields(names))
	w = w.to(to)
	w = w.transition("transition", m.during)
	w = w.motion(&m)
	return w.end()
}
