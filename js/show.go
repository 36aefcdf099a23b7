package js

// Show makes elements visible that are not.
func Show(to Selector, how ...ShowOption) Commands { return Commands("").Show(to, how...) }

// Show makes elements visible that are not. On an element that appears or
// disappears the events phx:show-start and phx:show-end, or phx:hide-start and
// phx:hide-end are dispatched.
func (c Commands) Show(to Selector, how ...ShowOption) Commands {
	var m motion
	for _, o := range how {
		o.forShow(&m)
	}
	w := c.begin(make(writer, 0, usual), "show")
	w = w.to(to)
	w = w.transition("transition", m.in)
	w = w.motion(&m)
	return w.end()
}

// Hide makes elements disappear that are visible.
func Hide(to Selector, how ...HideOption) Commands { return Commands("").Hide(to, how...) }

// Hide makes elements disappear that are visible.
func (c Commands) Hide(to Selector, how ...HideOption) Commands {
	var m motion
	for _, o := range how {
		o.forHide(&m)
	}
	w := c.begin(make(writer, 0, usual), "hide")
	w = w.to(to)
	w = w.transition("transition", m.out)
	w = w.motion(&m)
	return w.end()
}

// Toggle shows elements that are hidden, and hides those that are visible.
func Toggle(to Selector, how ...ToggleOption) Commands { return Commands("").Toggle(to, how...) }

// Toggle shows elements that are hidden, and hides those that are visible. Both
// ways need their classes, In and Out, or none does.
func (c Commands) Toggle(to Selector, how ...ToggleOption) Commands {
	var m motion
	for _, o := range how {
		o.forToggle(&m)
	}
	w := c.begin(make(writer, 0, usual), "toggle")
	w = w.to(to)
	w = w.transition("ins", m.in)
	w = w.transition("outs", m.out)
	w = w.motion(&m)
	return w.end()
}

// Transition gives elements classes for some time, to draw attention to them.
func Transition(to Selector, during DuringOption, how ...TransitionOption) Commands {
	return Commands("").Transition(to, during, how...)
}

// Transition gives elements classes for some time, to draw attention to them:
//
//	js.Transition("#total", js.During("animate-shake"), js.Time(500*time.Millisecond))
func (c Commands) Transition(to Selector, during DuringOption, how ...TransitionOption) Commands {
	var m motion
	for _, o := range how {
		o.forTransition(&m)
	}
	w := c.begin(make(writer, 0, usual), "transition")
	w = w.to(to)
	w = w.transition("transition", during.classes)
	w = w.motion(&m)
	return w.end()
}
