// Package paths reads the routes of an app from its sources and writes the
// package of helpers that make their addresses.
//
// The app is not run and need not compile: a helper that is used before its
// route is there, or after it is gone, is just what an app looks like while it
// is worked on. So nothing but the app's own module is looked at, with a few
// lines in the place of package bennu (see stub), and what go/types cannot make
// sense of is left out.
//
// A function that registers routes asks for helpers by a comment:
//
//	//bennu:paths
//	func New(opts bennu.Options) *bennu.App {
//
// From there on calls are followed into the functions of the module, and what
// they do to an App and its groups is noted.
package paths
