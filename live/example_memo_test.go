package live_test

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// In a template:
//
//	@live.Memo(v.Report.Version) {
//		@chart(v.Report)
//	}
//
// evaluates the chart when there is another version of the report. Here it
// stands as a component in Go, which does the same.
func ExampleMemo() {
	evaluated := 0
	chart := render.Func(func(w *render.Writer, slot int) error {
		evaluated++
		return w.Comp(slot, templ.Raw("a chart"))
	})
	page := func(version int) templ.Component {
		return inMain(render.Wrap(live.Memo(version), chart))
	}

	var view render.State
	for _, version := range []int{1, 1, 1, 2} {
		diff, err := view.AppendDiff(context.Background(), nil, page(version))
		fmt.Println(len(diff) > 0, evaluated, err)
	}
	// Output:
	// true 1 <nil>
	// false 1 <nil>
	// false 1 <nil>
	// false 2 <nil>
}

var mainT = render.New(1<<63|3, render.Root, "<main>", "</main>")

func inMain(inner templ.Component) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, mainT)
		if err := w.Comp(0, inner); err != nil {
			return err
		}
		w.End()
		return nil
	})
}
