// Package component has what templates of live pages are often made of, without
// any looks of its own: links that the client follows without loading a page, a
// title with its prefix and suffix, a focus that stays in a dialog, markup that
// stands elsewhere in the document, the states of a value that is loaded.
//
//	@component.Navigate("/posts") { All posts }
//	@component.Async(&p.Posts, list, skeleton(), failed)
//
// Where attributes can be given, they are those of the element; class, id, aria-
// and phx- among them. Components that have looks (buttons, dialogs, tables) are
// in package kit, from which every app of `bennu new` has its own copies.
package component
