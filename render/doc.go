// Package render writes components as HTML and as diffs for the browser. It is
// public because the files that "bennu generate" writes call it; people write
// .templ files and do not meet it.
//
// A generated component describes itself to a [Writer], slot by slot:
//
//	templ Hello(name string, n int) {
//		<p>Hello { name }</p>
//		if n > 0 {
//			<b>{ n }</b>
//		}
//	}
//
// becomes
//
//	func Hello(name string, n int) templ.Component {
//		return render.Func(func(w *render.Writer, slot int) error {
//			w.Nest(slot, hello)
//			render.Text(w, 0, name)
//			if n > 0 {
//				w.Nest(1, number)
//				render.Text(w, 0, n)
//				w.End()
//			} else {
//				w.Empty(1)
//			}
//			w.End()
//			return nil
//		})
//	}
//
//	var (
//		hello  = render.New(0x6d0c63a1, 0, "<p>Hello ", "</p>", "")
//		number = render.New(0x2b51f7e9, render.Root, "<b>", "</b>")
//	)
//
// # HTML and diffs
//
// The same calls write the whole page ([AppendHTML]) and what changed since the
// last time ([State.AppendDiff]). The HTML is byte for byte that of templ. The
// diff is what the Phoenix LiveView client merges into the tree it keeps, where
// text that is no UTF-8 becomes U+FFFD, because a browser closes the socket
// over it. A [State] is a few words per slot: hashes of what was sent, numbers,
// fingerprints of templates and keys of rows, and no pointers.
//
// # Contract of a component
//
// Every render of a template writes all its slots, in order, between Nest and
// End; the entries of a list likewise. A slot for something nested takes Nest,
// For, Each, Chunks, Memo, Comp, Children or Empty, whichever applies this
// time; a slot for text keeps to one of the others. Slot -1 is the root of the
// view, one template. Breaking this is a mistake of whoever wrote the calls and
// panics when it is noticed. Errors of expressions are returned; then nothing
// is sent and the state is as it was. The same holds for panics, which go on to
// the caller.
//
// # Components of others
//
// A [templ.Component] that is no [Component], as third-party packages have
// them, is rendered to HTML and sent as one string when it changed. Children
// reach it and come back from it in templ's way, through the context.
package render
