package render

import "github.com/a-h/templ"

type className struct {
	name string
	on   bool
}

// BeginClass starts the value of a class attribute; ClassName and ClassIf add
// to it and EndClass writes it. The text is that of templ.CSSClasses: every
// name once, at its first place, if its last condition holds.
func (w *Writer) BeginClass(slot int) {
	w.classes = w.classes[:0]
	w.slot = slot
}

// ClassName adds a name to the class list.
func (w *Writer) ClassName(s string) { w.ClassIf(s, true) }

// ClassIf adds a name that stands in the class list when on is true.
func (w *Writer) ClassIf(s string, on bool) {
	w.classes = append(w.classes, className{s, on})
}

// EndClass writes the class list.
func (w *Writer) EndClass() {
	if w.html {
		w.static(w.slot)
		first := true
		for i, c := range w.classes {
			if !w.shows(i) {
				continue
			}
			if !first {
				w.buf = append(w.buf, ' ')
			}
			first = false
			w.buf = appendHTML(w.buf, c.name)
		}
	} else {
		w.classDiff()
	}
	clear(w.classes)
	w.classes = w.classes[:0]
}

func (w *Writer) classDiff() {
	text, first := w.spare[:0], true
	for i, c := range w.classes {
		if !w.shows(i) {
			continue
		}
		if !first {
			text = append(text, ' ')
		}
		first = false
		text = append(text, c.name...)
	}
	w.spare = text
	if w.changed(hashText(text)) {
		w.beginText(w.slot)
		w.buf = appendHTMLJSON(w.buf, text)
		w.endText()
	}
}

// shows reports whether the i-th name stands in the list.
func (w *Writer) shows(i int) bool {
	name, on := w.classes[i].name, w.classes[i].on
	for j := range w.classes {
		if j != i && w.classes[j].name == name {
			if j < i {
				return false
			}
			on = w.classes[j].on
		}
	}
	return on
}

// Class writes a class attribute of one item, which is anything templ accepts.
func Class[T any](w *Writer, slot int, v T) {
	if s, ok := any(v).(string); ok {
		w.Str(slot, s)
		return
	}
	Classes(w, slot, v)
}

// Classes writes a class attribute of several items of any type templ accepts.
func Classes(w *Writer, slot int, v ...any) {
	w.BeginClass(slot)
	for _, item := range v {
		switch item := item.(type) {
		case string:
			w.ClassName(item)
		case templ.KeyValue[string, bool]:
			w.ClassIf(item.Key, item.Value)
		default:
			w.Str(slot, templ.CSSClasses(v).String())
			return
		}
	}
	w.EndClass()
}
