package render_test

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"bennu/render"
)

var (
	list = render.New(0x51a7, render.Root, "<ul>", "</ul>")
	row  = render.New(0x51a8, 0, "<li>", "</li>")
)

// names is what the generator makes of
//
//	<ul>
//		for _, n := range people {
//			<li :key={ n }>{ n }</li>
//		}
//	</ul>
func names(people ...string) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, list)
		w.For(0, row)
		for _, n := range people {
			w.Entry(render.Key(n))
			render.Text(w, 0, n)
			w.EndEntry()
		}
		w.EndFor()
		w.End()
		return nil
	})
}

func ExampleState_AppendDiff() {
	var state render.State
	for _, people := range [][]string{{"ann", "bob"}, {"ann", "bob"}, {"ann", "bob", "<eve>"}, {"<eve>", "ann"}} {
		diff, err := state.AppendDiff(context.Background(), nil, names(people...))
		if err != nil {
			fmt.Println(err)
		}
		fmt.Printf("{%s}\n", diff)
	}
	// Output:
	// {"0":{"k":{"0":{"0":"ann"},"1":{"0":"bob"},"kc":2},"s":0},"s":1,"p":{"0":["<li>","</li>"],"1":["<ul>","</ul>"]}}
	// {}
	// {"0":{"k":{"2":{"0":"&lt;eve&gt;"},"kc":3}}}
	// {"0":{"k":{"0":2,"1":0,"kc":2,"km":true}}}
}

func ExampleAppendHTML() {
	html, err := render.AppendHTML(context.Background(), nil, names("ann", "<eve>"))
	fmt.Println(string(html), err)
	// Output: <ul><li>ann</li><li>&lt;eve&gt;</li></ul> <nil>
}

func ExampleWrap() {
	page := render.New(0x51a9, 0, "<body>", "</body>")
	layout := render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, page)
		if err := w.Children(0, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
	html, err := render.AppendHTML(context.Background(), nil, render.Wrap(layout, names("ann")))
	fmt.Println(string(html), err)
	// Output: <body><ul><li>ann</li></ul></body> <nil>
}
