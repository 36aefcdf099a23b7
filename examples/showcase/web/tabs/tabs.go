// Package tabs is the page whose whole state is its address: the tab, the
// filter, and whether the panel is open. Back, forward, reload and a link sent to
// somebody else all show what was there.
package tabs

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/examples/showcase/web/paths"
	"bennu/live"
)

const (
	longest = 80 // letters of an entry
	atMost  = 50 // entries that one page can write
)

// Page is a log book with a tab for each season.
type Page struct {
	season season
	filter string
	adding bool // the panel is open

	draft, mistake string
	written        map[string][]Entry // by season
}

// Mount begins without entries of one's own.
func (p *Page) Mount(*live.Socket, live.Params) error {
	p.written = make(map[string][]Entry)
	return nil
}

// HandleParams shows what the address says.
func (p *Page) HandleParams(s *live.Socket, params live.Params) error {
	found, ok := find(params.Get("tab"))
	if !ok {
		if params.Get("tab") != "" {
			s.PutFlash(live.Error, "There is no such season. This is the first.")
		}
		s.Patch(paths.Tab(seasons[0].Slug), live.Replace)
		return nil
	}
	p.season, p.filter, p.adding = found, params.Get("q"), s.Action() == "new"
	if !p.adding {
		p.draft, p.mistake = "", ""
	}
	s.SetTitle(found.Name + " · Tabs · Bennu")
	return nil
}

// Events are the filter, the panel's form and the button.
func (p *Page) Events() live.Events {
	return live.Events{
		"filter": live.On(p.filtered),
		"add":    live.On(p.add),
		"close":  live.Do(p.closeYear),
	}
}

// filtered puts what was typed into the address. It is no new place, so it
// replaces the one in the history; a panel that is open stays open, for without
// it the list's address would stand there twice.
func (p *Page) filtered(s *live.Socket, in struct{ Q string }) error {
	to := address(p.season.Slug, in.Q)
	if p.adding {
		to = adding(p.season.Slug, in.Q)
	}
	s.Patch(to, live.Replace)
	return nil
}

// add writes an entry and closes the panel.
func (p *Page) add(s *live.Socket, in struct{ Text string }) error {
	p.draft, p.mistake = in.Text, ""
	text, mine := strings.TrimSpace(in.Text), p.written[p.season.Slug]
	switch {
	case text == "":
		p.mistake = "Write what was seen."
	case utf8.RuneCountInString(text) > longest:
		p.mistake = "That is too long for one line."
	case len(mine) >= atMost:
		p.mistake = "The page of this season is full."
	}
	if p.mistake != "" {
		return nil
	}
	p.written[p.season.Slug] = append([]Entry{{Bird: "You", Text: text}}, mine...)
	s.PutFlash(live.Info, "Written into "+p.season.Name+".")
	s.Patch(paths.Tab(p.season.Slug))
	return nil
}

// closeYear loads the page of the last season as if it was the first time.
func (p *Page) closeYear(s *live.Socket) error {
	s.PutFlash(live.Info, "The year is closed. This page was loaded anew.")
	s.Redirect(paths.Tab(seasons[len(seasons)-1].Slug))
	return nil
}

// entries are those that are shown: one's own above the others.
func (p *Page) entries() []Entry {
	return matching(append(append([]Entry(nil), p.written[p.season.Slug]...), p.season.entries()...), p.filter)
}

// address is that of a tab with a filter.
func address(slug, filter string) string {
	if filter == "" {
		return paths.Tab(slug)
	}
	return paths.Tab(slug, paths.Query{"q": filter})
}

// adding is the address of the panel over a tab with a filter.
func adding(slug, filter string) string {
	if filter == "" {
		return paths.TabNew(slug)
	}
	return paths.TabNew(slug, paths.Query{"q": filter})
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p, p.entries()) }
