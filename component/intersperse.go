package component

import (
	"github.com/a-h/templ"

	"bennu/render"
)

// Intersperse draws the items with a separator between each two, and no space
// but what they have themselves.
//
//	@component.Intersperse(p.Path, slash(), crumb)
func Intersperse[T any](items []T, separator templ.Component, item func(T) templ.Component) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, interspersed)
		w.For(0, oneItem)
		for i, one := range items {
			w.EntryIndex()
			if i == 0 {
				w.Empty(0)
			} else if err := w.Comp(0, separator); err != nil {
				return err
			}
			if err := w.Comp(1, item(one)); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.End()
		return nil
	})
}

var (
	interspersed = render.New(0x8a3f5c1e77d20b41, 0, "", "")
	oneItem      = render.New(0x8a3f5c1e77d20b42, 0, "", "", "")
)
