// Package home is the front page. It shows a live page's whole source and, next
// to it, that page at work.
package home

import (
	"strings"

	"github.com/a-h/templ"

	"bennu/live"
)

// Page is the front page: the Counter whose source it shows, with the rest of
// the page around it.
type Page struct {
	Counter

	root string // where the site is mounted
}

// Mount asks where the site is mounted.
func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	p.root = strings.TrimSuffix(s.Path("/"), "/")
	return nil
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
