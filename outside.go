package bennu

import (
	"net/http"

	"bennu/live"
)

// Around puts the App's layers around a handler that stands outside of it, in
// another router: the request's id and log, secure headers, error pages, the
// session, and the protection against requests forged by other sites. In it
// [Session], [PutFlash] and [App.Page] work as in the App's own handlers. Its
// address is below Options.Prefix, like those of all pages that share the
// session's cookie. Call it once, when the routes are made, and not around a
// handler of the App.
func (a *App) Around(h http.Handler) http.Handler { return a.around(h) }

// Island is a handler for any router whose page is one live view, inside the
// root layout: of those that are registered by [App.Nested], with what the view
// is given ([live.Nested]). The view has no address, so that it can neither
// patch nor be reached by live navigation; a page that can is one of [Group.Live].
func (a *App) Island(name, title string, given any) http.Handler {
	return a.Around(a.handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.Page(w, r, http.StatusOK, title, live.Nested(name, "island", given))
	}))
}
