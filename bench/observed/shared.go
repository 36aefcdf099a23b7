package main

import (
	"github.com/a-h/templ"

	"bennu"
	"bennu/bench/pages/data"
	"bennu/bench/pages/ours"
	"bennu/live"
)

// shared is a page with a table whose rows are the same for all views.
type shared struct{ table *data.Tracked }

// Render draws the page.
func (s *shared) Render() templ.Component { return ours.Tracked(s.table) }

// addShared adds the page to the showcase, where every table has rows of its own.
func addShared(app *bennu.App) {
	table := data.NewTracked("row")
	app.Live("/shared", func() live.View { return &shared{table} }, bennu.Title("Shared table"), bennu.WithLayout(nil))
}
