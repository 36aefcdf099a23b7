package prom_test

import (
	"github.com/a-h/templ"

	"bennu/render"
)

var buttonTemplate = render.New(0x7e57_9001, render.Root, `<p>`, ` <button phx-click="add">+</button></p>`)

// button is a number with a button beside it.
func button(n int) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, buttonTemplate)
		w.Int(0, int64(n))
		w.End()
		return nil
	})
}
