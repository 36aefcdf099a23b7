// Package static holds the files that are served as they are.
package static

import "embed"

// Files are served under /static.
//
//go:embed *.svg
var Files embed.FS
