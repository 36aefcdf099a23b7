// Package home is the front page. It shows a live page's whole source and, next
// to it, that page at work.
package home

import "github.com/a-h/templ"

// Page is the front page: the Counter whose source it shows, with the rest of
// the page around it.
type Page struct{ Counter }

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
