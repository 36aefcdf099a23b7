package live

import (
	"github.com/a-h/templ"

	"bennu/render"
)

// Temp is a value that the server forgets as soon as the page shows it, such as
// a long report: a field of a view for what costs memory and does not change.
//
//	type Page struct{ Report live.Temp[[]Line] }
//
//	p.Report.Set(lines)
//
//	<section>
//		@p.Report.Show(report)
//	</section>
//
// where report is a template of one parameter, the value. A page that joins
// again, after a lost connection, has a fresh view, whose Mount sets the value
// anew. A Temp is shown at one place.
type Temp[T any] struct {
	value   T
	has     bool
	version uint64
}

// Set gives the page a value to show with the next render.
func (t *Temp[T]) Set(value T) { t.value, t.has, t.version = value, true, t.version+1 }

// Value is what was set, until it has been shown.
func (t *Temp[T]) Value() (T, bool) { return t.value, t.has }

// Show draws the value, once. In later renders the page keeps what it has.
func (t *Temp[T]) Show(draw func(T) templ.Component) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.TakeChildren()
		if !w.Memo(slot, render.Key(t.version)) {
			return nil
		}
		if !t.has {
			w.Empty(slot)
		} else if err := w.Comp(slot, draw(t.value)); err != nil {
			return err
		}
		w.EndMemo()
		w.Sent(t.forget)
		return nil
	})
}

func (t *Temp[T]) forget() {
	var none T
	t.value, t.has = none, false
}
