package render

import (
	"html"
	"slices"
	"strings"
)

// Form is a form in a template, as far as its own text says which events its
// browser sends. Two forms that send one event are not told apart.
type Form struct {
	events []string
	any    bool // an event is put together when the template is drawn
}

func (f *Form) sends(event string) bool {
	return f != nil && (f.any || slices.Contains(f.events, event))
}

// forms are those of a template, and where its fields stand.
type forms struct {
	around []*Form // the one that is open at each slot; nil: none is
	fields []*Form // those with fields in the template's own text
	loose  *Form   // of fields outside of them, which have events of their own; nil: there are none
}

// takes reports whether fields of the template's own text stand in a form that
// sends the event. Around says which form the whole template stands in.
func (f *forms) takes(event string, around func() *Form) bool {
	if f == nil {
		return false
	}
	for _, form := range f.fields {
		if form.sends(event) {
			return true
		}
	}
	return f.loose != nil && (f.loose.sends(event) || around().sends(event))
}

// Form is the form around what stands in a slot of the template that is open,
// nil for none. In HTML it is not known.
func (w *Writer) Form(slot int) *Form {
	if w.html {
		return nil
	}
	return w.formAround(len(w.stack), slot)
}

// formAround is the form around a slot of the frame before the n-th.
func (w *Writer) formAround(n, slot int) *Form {
	for n--; n >= 0; n-- {
		f := &w.stack[n]
		switch {
		case f.kind == kindMemo: // it stands in the same slot as what it holds
		case f.kind == kindList: // slot was that of an entry
		case f.template.forms != nil && slot >= 0:
			if form := f.template.forms.around[slot]; form != nil {
				return form
			}
		}
		slot = f.slot
	}
	return w.around
}

// named reports whether a template, of the frame that is innermost, has to be in
// the answer to somebody who has typed.
func (w *Writer) named(f *frame) bool {
	return w.answer != "" && f.template.forms.takes(w.answer, func() *Form { return w.formAround(len(w.stack)-1, f.slot) })
}

// readForms finds the forms and fields in the text of a template; nil if it has
// none.
func readForms(statics []string) *forms {
	if !slices.ContainsFunc(statics, hasField) {
		return nil
	}
	r := formReader{text: strings.Join(statics, slotMark)}
	for r.at < len(r.text) {
		r.next()
	}
	return &r.found
}

// hasField reports whether a form or a field of one begins in a static.
func hasField(static string) bool {
	static = strings.ToLower(static)
	return strings.Contains(static, "<input") || strings.Contains(static, "<textarea") || strings.Contains(static, "<select") ||
		strings.Contains(static, "<form")
}

// slotMark stands for a slot in the text that is read; HTML has no such
// character.
const slotMark = "\x00"

// formReader reads the text of a template, which the generator has written: it
// is well formed.
type formReader struct {
	text  string
	at    int
	open  *Form
	found forms
}

// pass goes on to a place, and notes the slots before it.
func (r *formReader) pass(to int) {
	for range strings.Count(r.text[r.at:to], slotMark) {
		r.found.around = append(r.found.around, r.open)
	}
	r.at = to
}

// passTo goes on to the end of what ends with these characters.
func (r *formReader) passTo(end string) {
	n := strings.Index(r.text[r.at:], end)
	if n < 0 {
		r.pass(len(r.text))
		return
	}
	r.pass(r.at + n + len(end))
}

// next reads what begins here: text up to a tag, or a tag.
func (r *formReader) next() {
	rest := r.text[r.at:]
	switch {
	case rest[0] != '<':
		n := strings.IndexByte(rest, '<')
		if n < 0 {
			n = len(rest)
		}
		r.pass(r.at + n)
	case strings.HasPrefix(rest, "<!--"):
		r.passTo("-->")
	default:
		n := 1
		for n < len(rest) && strings.IndexByte(" \t\n\r\f/>"+slotMark, rest[n]) < 0 || n == 1 && strings.HasPrefix(rest, "</") {
			n++
		}
		name := strings.ToLower(rest[1:n])
		r.pass(r.at + n)
		r.element(name)
	}
}

// element reads the rest of a tag.
func (r *formReader) element(name string) {
	tag := r.tag()
	switch name {
	case "form":
		r.open = &tag.Form
		r.open.any = tag.any || tag.spread
	case "/form":
		r.open = nil
	case "script", "style":
		r.passTo("</" + name)
	case "input", "textarea", "select":
		form := r.open
		if form == nil || tag.elsewhere {
			if r.found.loose == nil {
				r.found.loose = new(Form)
			}
			form = r.found.loose
			form.any = form.any || tag.elsewhere
		} else if !slices.Contains(r.found.fields, form) {
			r.found.fields = append(r.found.fields, form)
		}
		form.any = form.any || tag.any
		form.events = append(form.events, tag.events...)
	}
}

// formTag is what a tag says of events.
type formTag struct {
	Form
	spread    bool // it has attributes that are put together
	elsewhere bool // it says by itself to which form it belongs
}

// tag reads attributes up to the end of a tag.
func (r *formReader) tag() (tag formTag) {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case '>':
			r.at++
			return tag
		case slotMark[0]:
			tag.spread = true
			r.pass(r.at + 1)
		case ' ', '\t', '\n', '\r', '\f', '/', '=', '"', '\'':
			r.at++
		default:
			r.attribute(&tag)
		}
	}
	return tag
}

// attribute reads one attribute, whose value has quotes or none at all.
func (r *formReader) attribute(tag *formTag) {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(" \t\n\r\f/>="+slotMark, r.text[r.at]) < 0 {
		r.at++
	}
	name, value := strings.ToLower(r.text[start:r.at]), ""
	if rest := r.text[r.at:]; len(rest) > 1 && rest[0] == '=' {
		quote, begin := rest[1:2], r.at+2
		if quote == `"` || quote == `'` {
			r.at = begin
			r.passTo(quote)
			value = strings.TrimSuffix(r.text[begin:r.at], quote)
		} else {
			value = slotMark // it is read as one more name, and is not known
		}
	}
	switch name {
	case "phx-change", "phx-submit", "phx-auto-recover":
		if strings.Contains(value, slotMark) || strings.HasPrefix(value, "[") { // or commands of the client
			tag.any = true
			return
		}
		tag.events = append(tag.events, html.UnescapeString(value))
	case "form":
		tag.elsewhere = true
	}
}
