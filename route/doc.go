// Package route is what generated path helpers are made of: parts of paths and
// queries, escaped, below the place where an app is mounted.
//
// `bennu generate` reads the routes of an app and writes a package with a
// function for each. They are called in place of writing addresses out, so that
// an address which is no more does not compile:
//
//	<a href={ paths.PostEdit(post.ID) }>Edit</a>             // /posts/7/edit
//	s.Navigate(paths.Posts(paths.Query{"page": 2, "q": q}))  // /posts?page=2&q=a+b
//
// # Values
//
// What stands for a named part of a path, or in a query, is a string, an integer,
// a type with a method Param() string (see [Param]), or one that package encoding
// or fmt knows as text, such as a UUID. In a query it may also be a bool, a
// floating-point number, or a slice, which is repeated. `bennu check` finds other
// types; at run time they panic.
//
// Whatever the value is, it stays one segment: a slash in it is escaped.
package route
