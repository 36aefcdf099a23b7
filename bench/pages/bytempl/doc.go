// Package bytempl is the benchmark pages as templ's own generator writes them,
// from the same files as those of package ours. There are no .templ files here,
// because `bennu generate` would take them; the test generates anew, compares,
// and with -update rewrites.
package bytempl
