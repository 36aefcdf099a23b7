package live_test

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// form is a live component that says by itself how it went. Its template would
// be a templ file:
//
//	templ (f *form) view() {
//		<form phx-submit="save" phx-target={ live.Target(ctx) }>
//			<p>{ live.Flash(ctx, live.Info) }</p>
//		</form>
//	}
type form struct{}

func (f *form) Update(s *live.Socket) error {
	s.PutFlash(live.Info, "nothing to save yet")
	return nil
}

func (f *form) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error { // f.view(), as bennu generate writes it
		w.Nest(slot, formTemplate)
		w.Str(0, live.Flash(w.Ctx(), live.Info))
		w.End()
		return nil
	})
}

var formTemplate = render.New(0xf1a5_0001, render.Root, "<form><p>", "</p></form>")

func ExampleFlash() {
	html, err := templ.ToGoHTML(context.Background(), live.Component("form", func(*form) {}))
	fmt.Println(html, err)
	// Output: <form><p>nothing to save yet</p></form> <nil>
}
