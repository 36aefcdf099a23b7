package live

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/render"
)

// desktop is a view with a form whose field is a live component, and a live
// component that is a form.
type desktop struct{}

func (v *desktop) Events() Events {
	return Events{
		"typed": Do(func(*Socket) error { return nil }),
		"other": Do(func(*Socket) error { return nil }),
	}
}

var (
	desktopTemplate = render.New(1<<63|86, render.Root, `<div><form phx-change="typed">`, `</form>`, `</div>`)
	fieldTemplate   = render.New(1<<63|87, render.Root, `<label><input value="`, `"></label>`)
	askTemplate     = render.New(1<<63|88, render.Root, `<form phx-submit="ask"><input value="`, `"></form>`)
)

func (v *desktop) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, desktopTemplate)
		for i, of := range []*render.Template{fieldTemplate, askTemplate} {
			if err := w.Comp(i, Component(fmt.Sprint(i), func(p *inPlace) { p.of = of })); err != nil {
				return err
			}
		}
		w.End()
		return nil
	})
}

type inPlace struct{ of *render.Template }

func (p *inPlace) Events() Events {
	return Events{"ask": Do(func(*Socket) error { return nil }), "add": Do(func(*Socket) error { return nil })}
}

func (p *inPlace) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, p.of)
		w.Str(0, "")
		w.End()
		return nil
	})
}

// The answer to a form has live components with fields of that form, though
// nothing in them has changed, and no others.
func TestAnswersToFormsNameComponentsWithFields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, new(desktop), Spec{}, new(Runtime))
		r.out.take()
		event := func(ref, kind, name, value, cid string) string {
			return r.message(ref, "event", fmt.Sprintf(`{"type":%q,"event":%q,"value":%s%s}`, kind, name, value, cid))
		}
		r.is(event("1", "form", "typed", `"a=b"`, ``), `[1 true {"diff":{"0":1,"c":{"1":{}}}}]`)
		r.is(event("2", "form", "other", `"a=b"`, ``), `[2 true {}]`)
		r.is(event("3", "click", "typed", `{}`, ``), `[3 true {}]`)
		r.is(event("4", "form", "ask", `"a=b"`, `,"cid":2`), `[4 true {"diff":{"c":{"2":{}}}}]`)
		r.is(event("5", "form", "add", `"a=b"`, `,"cid":2`), `[5 true {}]`)
		r.is(event("6", "form", "add", `"a=b"`, `,"cid":1`), `[6 true {}]`)
		r.is(event("7", "form", "lv:none", `"a=b"`, ``), `[7 true {}]`)
		r.stopped()
	})
}
