package render

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// A part of a page is a live component: it has a [State] of its own, and stands
// in the page of its view by a number, so that it can change alone. Package
// live keeps the parts; here is how one is written.

// AppendPart is AppendAnswer for a live component: its members belong below the
// component's number under "c". The root must be one element. Around is the form
// that the component stands in, nil for none; children are what its call had in
// its block. Named says that the part has to be in the message, even without
// members, since its root has fields of the form that is answered.
func (s *State) AppendPart(ctx context.Context, dst []byte, c templ.Component, event string, around *Form, children Func) (out []byte, named bool, err error) {
	how := manner{answer: event, part: true, around: around, children: children}
	out, err = s.appendDiff(ctx, dst, c, &how)
	return out, how.named, err
}

// IsHTML reports whether the render writes HTML and not a diff. Generated code
// has no need to know.
func (w *Writer) IsHTML() bool { return w.html }

// Sent has f called when the render has succeeded and what it wrote goes to the
// client. In a render of HTML it is not called.
func (w *Writer) Sent(f func()) {
	if !w.html {
		w.sent = append(w.sent, f)
	}
}

// Fail lets the render go on to its end and then fail with err, the first of
// them. A component that has to know of others that come later fails so, and is
// rendered again.
func (w *Writer) Fail(err error) {
	if w.failed == nil {
		w.failed = err
	}
}

// Whole reports whether the render sends the whole page, so that the client
// forgets what it has of the parts in it. It is known once the root is open.
func (w *Writer) Whole() bool { return w.whole }

// HasPart reports whether the client has the part with this number in the slot
// that is next.
func (w *Writer) HasPart(number int) bool {
	return !w.fresh && w.old[w.pos] == partSlot && w.old[w.pos+2] == uint64(number)
}

// Part writes the number of a part into a slot. It is sent if something else
// was there, or if again is set: when the part has changed in this message, the
// way to it must be in the message too (protocol of the client: a message with
// more than parts is drawn from the root, and what it does not name is skipped).
func (w *Writer) Part(slot, number int, again bool) {
	fresh := w.fresh
	head, _ := w.enter(partSlot)
	again = w.changed(uint64(number)) || again || w.fresh
	w.seal(head)
	w.fresh = fresh
	if !again {
		return
	}
	if w.opened < len(w.stack) {
		w.reach()
	}
	w.key(slot)
	w.buf = strconv.AppendInt(w.buf, int64(number), 10)
	w.buf = append(w.buf, ',')
}

// BeginPart says that a part comes next, in a render of HTML, where it has no
// state of its own. EndPart says whether what came is fit to be one.
func (w *Writer) BeginPart() { w.part, w.misfit = true, nil }

// EndPart is an error unless what was written since BeginPart is one element.
func (w *Writer) EndPart() error {
	err := w.misfit
	w.part, w.misfit = false, nil
	return err
}

// onePart checks the root of a part: the client finds its element by it.
func (w *Writer) onePart(t *Template) {
	if !w.part {
		return
	}
	if !t.root {
		name := writer()
		if name != "" {
			name = ", " + name + ","
		}
		w.misfit = fmt.Errorf("its template%s is to be one element, with nothing before or after it, and %s; put an element around it", name, beginning(t))
		if !w.html {
			w.Fail(w.misfit)
		}
	}
	if w.html { // what is inside may be anything
		w.part = false
	}
}

// beginning says with what a template begins that is no element.
func beginning(t *Template) string {
	if strings.TrimSpace(t.statics[0]) == "" {
		return "begins with a value, a branch, a loop or the call of another template"
	}
	return fmt.Sprintf("begins with %.60q", t.statics[0])
}

// writer names the template whose generated code calls this package, as in
// "card in board.templ", "" for code that was written by hand.
func writer() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if name, own := strings.CutPrefix(f.Function, "bennu/render."); own && name != "" && more {
			continue
		}
		file, generated := strings.CutSuffix(filepath.Base(f.File), "_templ.go")
		if !generated {
			return ""
		}
		return fmt.Sprintf("%s in %s.templ", templateName(f.Function), file)
	}
}

// templateName is what a template is called whose generated function has the
// name: "shop/board.bennuR_card", "shop/board.(*Page).card.func1".
func templateName(function string) string {
	name := function[strings.LastIndexByte(function, '/')+1:]
	_, name, _ = strings.Cut(name, ".")
	name, _, _ = strings.Cut(name, ".func")
	name = strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(name)
	return strings.TrimPrefix(name, "bennuR_")
}
