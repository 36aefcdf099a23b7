// Package pages measures what it costs to render benchmark pages: by Bennu, as
// the difference that goes to a browser, and by templ and html/template, which
// write the whole page each time.
//
// Package data has what the pages show; ours, bytempl and byhtml have their
// templates. [Cases] lists what is measured and the bars that the figures are
// held against. Bytes, allocations and memory are counted and the tests of this
// package hold their bars; times are measured by `make bench`, which only tells
// whether they are below theirs.
package pages
