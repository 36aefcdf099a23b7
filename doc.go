// Package bennu serves live pages: pages that are plain Go structs, drawn by
// templ templates, kept alive on the server and patched over a WebSocket by the
// official LiveView client. An [App] is where their routes, the layers around
// them, files and sockets come together, as one [http.Handler].
//
// The smallest whole program has a template, counter.templ:
//
//	package main
//
//	templ page(c *Counter) {
//		<button phx-click="increase" phx-value-number="2">{ c.Count }</button>
//	}
//
//	templ root(p bennu.Page) {
//		<!DOCTYPE html>
//		<html>
//			<head>
//				@p.Head()
//				<script defer src={ p.Asset("app.js") }></script>
//			</head>
//			<body>{ children... }</body>
//		</html>
//	}
//
// and a main.go:
//
//	package main
//
//	type Counter struct{ Count int }
//
//	type step struct{ Number int } // phx-value-number
//
//	func (c *Counter) Render() templ.Component { return page(c) }
//
//	func (c *Counter) Events() live.Events { return live.Events{"increase": live.On(c.increase)} }
//
//	func (c *Counter) increase(_ *live.Socket, by step) error { c.Count += by.Number; return nil }
//
//	func main() {
//		app := bennu.New(bennu.Options{Dev: true, RootLayout: root, Assets: os.DirFS("web/assets/dist")})
//		app.Live("/", func() live.View { return new(Counter) })
//		log.Fatal(app.ListenAndServe(context.Background()))
//	}
//
// `bennu generate` writes the Go of the template, and Assets holds the page's
// script: the official client and a few lines that start it, built by `bennu
// assets build web/assets`. `bennu new` makes an app that has all of this, and
// `bennu dev` runs it and reloads the page when a file is saved. What a view
// can do is in package [bennu/live]; this package is what is around it.
//
// # Routes
//
// Routes are registered before the first request, by the methods that an App
// has from [Group]: [Group.Live] for views, [Group.Get] and its kin for plain
// handlers, [Group.Handle] for any [http.Handler], [Group.Static] for files.
// [Group.Group] puts a path and a [Pipeline] of middleware before several. The
// patterns, their precedence and their conflicts are those of [http.ServeMux].
// [App.Routes] is the table.
//
// # Handlers
//
// A [Handler] returns an error in place of an answer, and [HTML], [JSON],
// [Redirect], [Download] and [Bind] help to write one. Errors become
// [ErrorPages]: of the status that the error carries in a method HTTPStatus()
// int, through any wrapping, else of 500. In development a panic is shown with
// the line of Go or templ that it comes from.
//
// # Below a prefix
//
// An App with Options.Prefix "/admin" can stand in any router that hands on
// paths as they came: mux.Handle("/admin/", app) with the standard one,
// r.Mount("/admin", app) with chi. Its pages, files, cookie and socket all
// live below that path.
//
// # Workers, and the end
//
// [App.Supervise] runs what works beside the pages, restarts it when it crashes,
// and [App.Tree] shows it. [Group.Health] answers a balancer. An App that is
// asked to stop lets its open pages go to other servers in good order.
//
// # Security
//
// Sessions are signed, forms and sockets of other sites are refused, all
// answers carry a Content-Security-Policy with a nonce for each request, and
// details of errors are shown in development only. What a request says about
// itself, its host, its parameters, its X-Forwarded headers, is the client's
// word: see [Options.Origins] and [Options.TrustedProxies].
package bennu
