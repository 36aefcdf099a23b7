package live

import (
	"github.com/a-h/templ"

	"bennu/render"
)

// Memo marks a part of a template that depends on nothing but the key. While
// the key stays the same, the part is not evaluated at all and nothing of it is
// sent:
//
//	for _, o := range v.Orders {
//		@live.Memo(o.Version) {
//			<tr id={ o.ID }>
//				<td>{ o.Customer }</td>
//				…
//			</tr>
//		}
//	}
//
// The key has to say everything that the part shows: a version that grows with
// each change of the order, or the order itself, live.Memo(o), if that is a
// struct without pointers. For several values make a struct or an array of
// them, live.Memo([2]int{o.Version, v.Selected}). A pointer says only which
// value it is and not that it changed. What the part reads beside its key, such
// as the clock, stays as it was when the key last changed.
//
// In a loop the key of a row is that of the element inside the memo. A key that
// is an interface holding something that cannot be compared panics, as it does
// in a map.
//
// Outside of a view, and for the first render, Memo renders its children and
// nothing else.
func Memo[K comparable](key K) templ.Component { return render.Memo(render.Key(key)) }
