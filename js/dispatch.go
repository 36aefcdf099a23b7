package js

// DispatchOption is Detail, Bubbles or Blocking.
type DispatchOption interface{ forDispatch(*dispatch) }

type dispatch struct {
	detail         []byte
	still, waiting bool
}

// Dispatch dispatches an event of the DOM on elements, for scripts of the page.
func Dispatch(to Selector, event string, how ...DispatchOption) Commands {
	return Commands("").Dispatch(to, event, how...)
}

// Dispatch dispatches an event of the DOM on elements, for scripts of the page.
// Its detail has what Detail gave, and dispatcher: the element that the commands
// are on.
func (c Commands) Dispatch(to Selector, event string, how ...DispatchOption) Commands {
	if event == "" {
		panic("js: Dispatch: the event has no name")
	}
	var d dispatch
	for _, o := range how {
		o.forDispatch(&d)
	}
	w := c.begin(make(writer, 0, usual), "dispatch")
	w = w.text("event", event)
	w = w.to(to)
	if d.detail != nil {
		if event == "click" {
			panic(`js: Dispatch: a "click" has no detail; name the event otherwise`)
		}
		w = w.name("detail")
		w = append(w, d.detail...)
	}
	if d.still {
		w = w.raw("bubbles", "false")
	}
	if d.waiting {
		w = w.raw("blocking", "true")
	}
	return w.end()
}

type detailOption struct{ object any }

// Detail is event.detail: what encoding/json writes as an object.
func Detail(object any) DispatchOption { return detailOption{object} }

func (o detailOption) forDispatch(d *dispatch) {
	text := encode("Detail", o.object)
	if text[0] != '{' {
		panic("js: Detail takes what JSON writes as an object, such as a struct or a map")
	}
	d.detail = text
}

type bubblesOption bool

// Bubbles is whether those around the element are told too; they are, unless it
// is false.
func Bubbles(on bool) DispatchOption { return bubblesOption(on) }

func (o bubblesOption) forDispatch(d *dispatch) { d.still = !bool(o) }

func (o BlockingOption) forDispatch(d *dispatch) { d.waiting = bool(o) }

// Exec carries out the commands that stand in an attribute of elements, such as
// "data-cancel" or "phx-remove".
func Exec(to Selector, attribute string) Commands { return Commands("").Exec(to, attribute) }

// Exec carries out the commands that stand in an attribute of elements, such as
// "data-cancel" or "phx-remove". An element without the attribute is a mistake,
// which the browser's console shows.
func (c Commands) Exec(to Selector, attribute string) Commands {
	mustBeName("Exec", attribute)
	w := c.begin(make(writer, 0, usual), "exec")
	w = w.text("attr", attribute)
	w = w.to(to)
	return w.end()
}
