// Package oracle holds what package render sends against what the official
// client makes of it. A page that uses every construct of templ changes at
// random; each diff is merged by the Rendered class of the npm package
// phoenix_live_view, under node, and what the page then shows must be the full
// HTML of the state, to the byte.
//
// The test prints its seeds; `go test -run Official -seed N` walks one again.
// `scripts/setup-npm.sh e2e/oracle` installs the client.
package oracle
