// Package byhtml is the benchmark pages as templates of html/template, which
// write the same HTML.
package byhtml

import (
	"html/template"
	"io"

	"bennu/bench/pages/data"
)

var (
	counter = template.Must(template.New("counter").Parse(`<div>` +
		`<button phx-click="decrease" phx-value-number="1">-</button> ` +
		`<span class="font-bold px-4 text-xl{{if lt .Count 0}} text-red-600{{end}}{{if gt .Count 0}} text-green-600{{end}}">{{.Count}}</span> ` +
		`<button phx-click="increase" phx-value-number="2">+</button></div>`))

	dashboard = template.Must(template.New("dashboard").Parse(`<main><header>Signed in as {{.User}}</header>` +
		`{{with .Alert}}<div class="alert">{{.}}</div>{{end}} <div class="grid">{{range .Metrics}}` +
		`<div class="card" id="{{.ID}}"><h3>{{.Label}}</h3><p class="value {{.Class}}">{{.Value}} {{.Unit}}</p>` +
		`<small>{{printf "%.2f" .Delta}}%</small> {{if .Up}}<i class="up">▲</i>{{else}}<i class="down">▼</i>{{end}}</div>` +
		`{{end}}</div><footer>All times are UTC.</footer></main>`))

	table = template.Must(template.New("table").Parse(`<section><h1>{{.Title}}</h1><table><tbody>` +
		`{{range .Rows}}<tr id="{{.ID}}">{{range .Cells}}<td>{{.}}</td>{{end}}</tr>{{end}}</tbody></table></section>`))
)

// Counter writes the counter page.
func Counter(w io.Writer, c *data.Counter) error { return counter.Execute(w, c) }

// Dashboard writes the dashboard.
func Dashboard(w io.Writer, d *data.Dashboard) error { return dashboard.Execute(w, d) }

// Table writes the table.
func Table(w io.Writer, t *data.Table) error { return table.Execute(w, t) }
