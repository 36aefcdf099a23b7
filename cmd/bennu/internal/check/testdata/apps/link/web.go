// Package link has addresses that lead somewhere, and such that do not.
package link

import (
	"embed"
	"net/http"

	"bennu"
	"bennu/live"

	"shop/link/posts"
)

//go:embed static
var files embed.FS

//go:embed static/img
var images embed.FS

// New registers the routes.
//
//bennu:paths
func New(opts bennu.Options, mux *http.ServeMux, slugs []string) *bennu.App {
	app := bennu.New(opts)
	app.Static("/files", files)
	app.Live("/", func() live.View { return new(posts.Index) })
	app.Live("/posts", func() live.View { return new(posts.Index) })
	app.Group("/posts/{id}", bennu.Pipeline{}, func(g *bennu.Group) {
		g.Live("/", func() live.View { return new(posts.Show) })
		g.Live("/edit", func() live.View { return new(posts.Show) })
	})
	app.Post("/posts", save)
	app.Get("/posts.csv", save)
	app.Delete("/posts/{id}", save)
	for _, slug := range slugs {
		app.Get("/about/"+slug, save)
	}
	mux.Handle("/legacy/", http.NotFoundHandler())
	mux.Handle("/", app)
	return app
}

func save(w http.ResponseWriter, r *http.Request) error {
	if r.Form.Has("back") {
		return bennu.Redirect(w, r, "/post")
	}
	return bennu.Redirect(w, r, "/posts?saved=1")
}
