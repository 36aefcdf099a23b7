package bennu

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"bennu/render"
)

// Page is what a root layout may ask about the page that it surrounds. The
// page's own markup is the layout's { children... }.
//
//	templ Root(p bennu.Page) {
//		<!DOCTYPE html>
//		<html lang="en">
//			<head>
//				@p.Head()
//				<title>{ p.Title() }</title>
//				<script defer phx-track-static src={ p.Asset("app.js") }></script>
//			</head>
//			<body>
//				{ children... }
//			</body>
//		</html>
//	}
type Page struct {
	app   *App
	title string
	csrf  string
	nonce string
	path  string
	r     *http.Request
}

// Title is the page's title, "" when the route names none.
func (p Page) Title() string { return p.title }

// CSRFToken is the masked token that forms carry in a field "_csrf_token" and
// the page's script gives to its LiveSocket. It is new on every render.
func (p Page) CSRFToken() string { return p.csrf }

// Nonce is the value that inline script and style elements need to be allowed
// by the page's Content-Security-Policy.
func (p Page) Nonce() string { return p.nonce }

// CurrentPath is the path of the request, without the App's prefix.
func (p Page) CurrentPath() string { return p.path }

// Path is the address of a page of this App: the path with the App's prefix.
func (p Page) Path(path string) string {
	if p.app == nil {
		return path
	}
	return p.app.Path(path)
}

// URL is a path of this App as a full URL; see [App.URL].
func (p Page) URL(path string) string {
	if p.app == nil {
		return path
	}
	return p.app.URL(p.r, path)
}

// Asset is the address of a built file, by the name that it had before the
// build gave it a hash.
func (p Page) Asset(name string) string {
	if p.app == nil {
		return "/assets/" + name
	}
	return p.app.Asset(name)
}

// LivePath is where the page's script opens its socket.
func (p Page) LivePath() string { return p.Path("/live") }

// Head is what the page's script needs to find in <head>: the CSRF token and
// the path of the socket.
func (p Page) Head() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, headTemplate)
		w.Str(0, p.csrf)
		w.Str(1, p.LivePath())
		w.End()
		return nil
	})
}

var headTemplate = render.New(0xbe44_0001, 0, `<meta name="csrf-token" content="`, `"><meta name="live-path" content="`, `">`)

// Path is the address of a page of this App, for redirects and links: the path
// with Options.Prefix.
func (a *App) Path(path string) string { return a.opts.Prefix + path }

// local is a path of this App without its prefix.
func (a *App) local(path string) string {
	if rest, ok := strings.CutPrefix(path, a.opts.Prefix); ok {
		return rest
	}
	return path
}
