// Package bench measures what pages cost, and that nothing is left of them.
//
// # Programs and packages
//
//   - load puts load on any server of the protocol and reports on it
//   - floor is a server that does next to nothing, to compare with
//   - observed is the showcase with a second port that tells heap and goroutines
//   - pages, a package, has pages to render in process, with their bars
//   - report runs them all and prints one table: `make bench`
//
// `make soak` sends visitors for minutes. The test of this package opens and
// leaves a page a thousand times and looks at what remains.
//
// This module imports what users of the framework can import and nothing of its
// inside.
package bench
