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
	w.classSlot = slot
}

// ClassName adds a name to the class list.
func (w *Writer) ClassName(s string) { w.ClassIf(s, true) }

// ClassIf adds a name that stands in the class list when on is true.
func (w *Writer) ClassIf(s string, on bool) {
	w.classes = append(w.classes, className{s, on})
}

// EndClass writes the class list.
func (w *Writer) EndClass() {
	w.spare = appendClasses(w.spare[:0], w.classes)
	clear(w.classes)
	w.classes = w.classes[:0]
	text(w, w.classSlot, w.spare)
}

func appendClasses(dst []byte, list []className) []byte {
	first := true
	for i, c := range list {
		if !shows(list, i) {
			continue
		}
		if !first {
			dst = append(dst, ' ')
		}
		first = false
		dst = append(dst, c.name...)
	}
	return dst
}

// shows reports whether the i-th name stands in the list at its place.
func shows(list []className, i int) bool {
	on := list[i].on
	for j, c := range list {
		if j != i && c.name == list[i].name {
			if j < i {
				return false // it stands there
			}
			on = c.on
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
