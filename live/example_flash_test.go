package live_test

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"

	"bennu/live"
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
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, "<form><p>%s</p></form>", live.Flash(ctx, live.Info))
		return err
	})
}

func ExampleFlash() {
	html, err := templ.ToGoHTML(context.Background(), live.Component("form", func(*form) {}))
	fmt.Println(html, err)
	// Output: <form><p>nothing to save yet</p></form> <nil>
}
