// Command wiring has views in package main, wired in all the ways there are.
package main

import (
	"net/http"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Plain has only Render, and is a view because the route says so.
type Plain struct{}

func (Plain) Render() templ.Component { return plain("plain") }

// ByVariable is made by a function in a variable.
type ByVariable struct{}

func (b *ByVariable) Render() templ.Component { return plain("variable") }

var factory func() live.View = func() live.View { return &ByVariable{} }

// Generic is a view for each type.
type Generic[T any] struct{ Value T }

func (g *Generic[T]) Render() templ.Component { return generic(g.Value) }

func (g *Generic[T]) Events() live.Events {
	return live.Events{"set": live.On(g.set), "get": handler(g.get)}
}

func (g *Generic[T]) set(*live.Socket, T) error   { return nil }
func (g *Generic[T]) get(*live.Socket, key) error { return nil }

type key struct{ Key int }

func handler[P any](f func(*live.Socket, P) error) live.Handler { return live.On(f) }

// Inferred is given to a function that makes views of it.
type Inferred struct{}

func (i *Inferred) Render() templ.Component { return plain("inferred") }

func route[V live.View](app *bennu.App, path string, v V) {
	app.Live(path, func() live.View { return v })
}

// Base has what several views share.
type Base struct{ Open bool }

func (b *Base) Events() live.Events { return live.Events{"toggle": live.Do(b.toggle)} }

func (b *Base) toggle(*live.Socket) error { b.Open = !b.Open; return nil }

// Embedding takes the events of what it embeds.
type Embedding struct{ Base }

func (e *Embedding) Render() templ.Component { return e.draw() }

func (e *Embedding) draw() templ.Component {
	draw := e.body
	return draw()
}

func main() {
	app := bennu.New(bennu.Options{})
	app.Live("/plain", func() live.View { return Plain{} })
	app.Live("/variable", factory)
	app.Live("/generic", func() live.View { return new(Generic[int]) })
	app.Live("/embedding", func() live.View { return new(Embedding) })
	route(app, "/inferred", new(Inferred))
	views := map[string]func() live.View{"/last": func() live.View { v := last{}; return &v }}
	for path, v := range views {
		app.Live(path, v)
	}
	_ = http.ListenAndServe
}

type last struct{}

func (l *last) Render() templ.Component { return plain("last") }
