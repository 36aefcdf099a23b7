package js

// Focus puts the focus on an element.
func Focus(to Selector) Commands { return Commands("").Focus(to) }

// Focus puts the focus on an element.
func (c Commands) Focus(to Selector) Commands { return c.focus("focus", to) }

// FocusFirst puts the focus on the first element inside that takes it, one to
// work with before others.
func FocusFirst(to Selector) Commands { return Commands("").FocusFirst(to) }

// FocusFirst puts the focus on the first element inside that takes it, one to
// work with before others.
func (c Commands) FocusFirst(to Selector) Commands { return c.focus("focus_first", to) }

// PushFocus remembers an element, to which PopFocus returns.
func PushFocus(to Selector) Commands { return Commands("").PushFocus(to) }

// PushFocus remembers an element, to which PopFocus returns: the button, say,
// that opens a dialog.
func (c Commands) PushFocus(to Selector) Commands { return c.focus("push_focus", to) }

// PopFocus puts the focus back on the element that was remembered last.
func PopFocus() Commands { return Commands("").PopFocus() }

// PopFocus puts the focus back on the element that was remembered last.
func (c Commands) PopFocus() Commands { return c.focus("pop_focus", Self) }

func (c Commands) focus(op string, to Selector) Commands {
	w := c.begin(make(writer, 0, usual), op)
	w = w.to(to)
	return w.end()
}
