// Package templgen turns templ files into Go files that call package render, so
// that one template writes HTML and, for a live view, only what changed.
//
// For each x.templ it writes x_templ.go with the identifiers and types that
// templ's own generator would give it; editors and the templ language server,
// which lay their own version of that file over ours, see no difference.
// Whatever else a file declares begins with "bennu" and is not for people.
//
//	templ Row(r Item) {
//		<li id={ r.ID }>{ r.Name }</li>
//	}
//
// becomes
//
//	func Row(r Item) templ.Component {
//		return bennurender.Func(func(bennuW *bennurender.Writer, bennuSlot int) error {
//			return bennuR_Row(bennuW, bennuSlot, r)
//		})
//	}
//
//	func bennuR_Row(bennuW *bennurender.Writer, bennuSlot int, r Item) error {
//		bennuW.TakeChildren()
//		bennuW.Nest(bennuSlot, bennuT_Row_1)
//		bennurender.Attr(bennuW, 0, r.ID)
//		bennurender.Text(bennuW, 1, r.Name)
//		bennuW.End()
//		return nil
//	}
//
//	var bennuT_Row_1 = bennurender.New(0x84b9…, bennurender.Root, `<li id="`, `">`, `</li>`)
//
// # Blocks and slots
//
// A template, a branch, the body of a loop and the block of a call are each one
// [block]: constant strings with slots between them. Generated code writes the
// slots of a block in order, exactly once each, which is what package render
// relies on. What is constant in the template never becomes a slot.
//
// # Lists
//
// The rows of a for are told apart by :key={ } on the first element of its
// body, else by that element's id={ }, else by their place in the list. A body
// that is one element becomes a root template, which the client passes over
// when the row did not change; so does the body of a branch. A row that is a
// call has no key of its own; give it an element around it.
//
// # Components of templ
//
// The blocks of fragments, once handles and flushes, joined components and raw
// HTML are slots of their own; see known_call.go. Any other component that
// renders only HTML is one slot, sent whole when it changed.
//
// Loops over live.Each and live.Chunked and blocks of live.Memo are recognised
// by the import path of package live and written as calls of the writer; used
// in another way, such as through a variable, they are ordinary Go. What the
// body of a loop over live.Each reads besides its row is found in its syntax;
// see reads.go.
//
// # What is refused
//
// A jump out of {{ }} (break, continue, return, goto) would leave a list or a
// template half written. A :key that is not on a row's element would silently
// do nothing. Both are errors, as is all Go that does not parse. What only a
// type checker can find is left to the compiler, which then names the place in
// the template.
//
// # What could run code
//
// Package render checks addresses, sets of attributes and computed names when
// the template runs; which attributes those are is in package htmlattr. A value
// inside the ${ } of a template literal in a script is refused here.
//
// # Positions
//
// A line directive stands before every piece of Go that comes from the
// template, so that compilers, vet and stack traces name the place in the
// .templ file. Another one leads back before statements that are the
// generator's own. See [emitter].
//
// # Whitespace
//
// The HTML is byte for byte that of templ. Its rules are written down in
// whitespace.go and held by a test that renders a corpus with both generators;
// it lists the few cases that differ, and why. The line ends of Windows are
// read as those of Go.
package templgen
