// Package web is the showcase as a website: which page answers which address.
package web

import (
	"net/http"

	"bennu"
	"bennu/examples/showcase/web/assets"
	"bennu/examples/showcase/web/chat"
	"bennu/examples/showcase/web/counter"
	"bennu/examples/showcase/web/cursors"
	"bennu/examples/showcase/web/dashboard"
	"bennu/examples/showcase/web/feed"
	"bennu/examples/showcase/web/gallery"
	"bennu/examples/showcase/web/home"
	"bennu/examples/showcase/web/inspect"
	"bennu/examples/showcase/web/music"
	"bennu/examples/showcase/web/nested"
	"bennu/examples/showcase/web/pair"
	"bennu/examples/showcase/web/paths"
	"bennu/examples/showcase/web/reorder"
	"bennu/examples/showcase/web/static"
	"bennu/examples/showcase/web/system"
	"bennu/examples/showcase/web/table"
	"bennu/examples/showcase/web/tabs"
	"bennu/examples/showcase/web/todo"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
)

// New is the website. The caller's options say where and how it runs; what it
// looks like is set here. With one of the keys operators get to see /system in
// production; it panics on one that system.CheckKey refuses.
//
//bennu:paths
func New(opts bennu.Options, keys ...string) *bennu.App {
	opts.RootLayout = ui.Root
	opts.LiveLayout = ui.Live
	opts.Errors.HTML = ui.Error
	opts.Assets = assets.Dist()
	app := bennu.New(opts)
	paths.Mount(app)

	app.Health()
	app.Static("/static", static.Files)
	decks := music.NewDecks()
	rooms := chat.NewRooms(app.PubSub(), app.Presence())
	field := cursors.NewField(app.PubSub(), app.Presence())
	sys, operators := system.New(app), system.NewOperators(opts.Dev, keys...)
	app.Nested("player", func() live.View { return music.NewPlayer(decks) })
	app.Nested("nest", func() live.View { return new(nested.Nest) })
	app.Group("/", browser, func(pages *bennu.Group) {
		pages.Live("/", func() live.View { return new(home.Page) }, bennu.Title("Bennu: live pages, plain Go"))
		pages.Live("/inspect", func() live.View { return new(inspect.Page) }, bennu.Title("Inspect · Bennu"))
		pages.Live("/dashboard", func() live.View { return &dashboard.Page{Station: new(dashboard.Station)} },
			bennu.Title("Dashboard · Bennu"))
		pages.LiveSession("music", func(pages *bennu.Group) {
			pages.Live("/music", func() live.View { return new(music.Index) }, bennu.Title("Music · Bennu"))
			pages.Live("/music/{album}", func() live.View { return music.NewShow(decks) })
		}, bennu.WithLayout(music.Layout), bennu.OnMount(music.Known))
		pages.LiveSession("gallery", func(pages *bennu.Group) {
			pages.Live("/gallery", func() live.View { return new(gallery.Page) }, bennu.Title("Gallery · Bennu"))
		}, bennu.WithLayout(gallery.Layout))
		pages.Live("/nested", func() live.View { return new(nested.Page) }, bennu.Title("Nested · Bennu"))
		pages.Live("/pair", func() live.View { return new(pair.Page) }, bennu.Title("Pair · Bennu"))
		pages.Live("/feed", func() live.View { return new(feed.Page) }, bennu.Title("Feed · Bennu"))
		pages.Live("/todo", func() live.View { return new(todo.Page) }, bennu.Title("Todo · Bennu"))
		pages.Live("/tabs", func() live.View { return new(tabs.Page) })
		pages.Live("/tabs/{tab}", func() live.View { return new(tabs.Page) })
		pages.Live("/tabs/{tab}/new", func() live.View { return new(tabs.Page) }, bennu.Action("new"))
		pages.Live("/chat/{room}", func() live.View { return &chat.Page{Rooms: rooms} }, bennu.Title("Chat · Bennu"))
		pages.Live("/cursors", func() live.View { return field.Page() }, bennu.Title("Cursors · Bennu"))
		pages.Live("/system", func() live.View { return sys.Page() }, bennu.Title("System · Bennu"), bennu.OnMount(operators.Enter))
		pages.Get("/system/key", operators.Ask(app))
		pages.Post("/system/key", operators.Check(app))
		pages.Live("/reorder", func() live.View { return new(reorder.Page) }, bennu.Title("Reorder · Bennu"))

		// These two stand in no live layout: nothing but the page itself is
		// in their messages.
		pages.Live("/counter", func() live.View { return new(counter.Counter) },
			bennu.Title("Counter · Bennu"), bennu.WithLayout(nil))
		pages.Live("/table", func() live.View { return new(table.Table) },
			bennu.Title("Table · Bennu"), bennu.WithLayout(nil))
	})
	return app
}

// browser is what every page goes through.
var browser = bennu.Pipeline{
	Name: "browser",
	Use:  []func(http.Handler) http.Handler{noSensors},
}

// noSensors tells browsers that no page here asks for camera, microphone or
// place, so that nothing which gets into a page can.
func noSensors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}
