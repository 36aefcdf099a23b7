// Package assets holds the website's script and style sheet. What is built
// from them goes into dist, which is not kept in the repository but for an
// empty file that makes this package compile before anything is built.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist is the directory of built files, with the manifest of their names.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the name is a constant and valid
	}
	return dist
}
