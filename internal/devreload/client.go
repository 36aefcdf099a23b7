package devreload

import (
	_ "embed"
	"html"
)

var (
	//go:embed keep.js
	keepJS string
	//go:embed overlay.js
	overlayJS string
	//go:embed client.js
	reloadJS string
)

// clientJS is what pages run in development beside their own script. Its parts
// share their names, and leave none in the page.
var clientJS = []byte("(() => {\n" + keepJS + overlayJS + reloadJS + "})()\n")

// Snippet is the element that loads the script, for the end of a page's body.
// prefix is the path that the App is mounted under, nonce the page's, "" for
// none. The build is named in the page itself: a page that was rendered by one
// build and opens its socket to the next then knows that it is out of date.
func (h *Hub) Snippet(prefix, nonce string) string {
	s := `<script defer src="` + html.EscapeString(prefix+Path) + `client.js" data-build="` + h.build + `"`
	if nonce != "" {
		s += ` nonce="` + html.EscapeString(nonce) + `"`
	}
	return s + `></script>`
}
