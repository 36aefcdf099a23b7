// Package oracle holds what package render sends against what the official
// client makes of it. A page that uses every construct of templ changes at
// random, and two views of it are told at different paces; each diff is merged
// by the Rendered class of the npm package phoenix_live_view, under node, and
// what the page then shows must be the full HTML of the state, to the byte,
// which must be what templ's own generated code writes.
//
// Another test gives random messages, made from the rules of the wire alone, to
// the test kit's model of the client and to that class: both have to come to the
// same markup, with live components and with streams.
//
// The test prints the seeds of its walks; ORACLE_SEED=n walks one again, and
// ORACLE_STEPS=n sets how many states are walked through. `make setup`
// installs the client. Package world has the state and how it changes, page
// and plain have the templates.
package oracle
