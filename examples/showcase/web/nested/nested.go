// Package nested is the page of views within views: each nest on it runs in a
// process of its own, talks to the page around it, and crashes alone.
package nested

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"bennu/live"
)

// Page is the colony: what it has heard from its nests, and how often it has
// called them.
type Page struct {
	Nests []Known
	Calls int
}

// Known is what the page knows of a nest.
type Known struct {
	Report
	Restarts int
}

// nests are those that stand on the page. One of them has another inside.
var nests = []Given{{Name: "Reed"}, {Name: "Poplar"}, {Name: "Willow", Inside: "Hollow"}}

// Mount listens to the nests.
func (p *Page) Mount(s *live.Socket, _ live.Params) error {
	live.OnMessage(s, p.heard)
	return nil
}

// heard takes what a nest says. A nest that comes with another process is one
// that was lost and began anew.
func (p *Page) heard(_ *live.Socket, r Report) error {
	i := slices.IndexFunc(p.Nests, func(k Known) bool { return k.Name == r.Name })
	if i < 0 {
		p.Nests = append(p.Nests, Known{Report: r})
		slices.SortFunc(p.Nests, func(a, b Known) int { return strings.Compare(a.Name, b.Name) })
		return nil
	}
	if p.Nests[i].Process != r.Process {
		p.Nests[i].Restarts++
	}
	p.Nests[i].Report = r
	return nil
}

// Events are the buttons of the page itself.
func (p *Page) Events() live.Events {
	return live.Events{"call": live.Do(p.call)}
}

// call sends a message to every nest; one that is away does not get it.
func (p *Page) call(s *live.Socket) error {
	p.Calls++
	for _, n := range nests {
		s.Child(n.ID()).Send(Call{})
	}
	return nil
}

// Eggs are those in all nests.
func (p *Page) Eggs() int {
	sum := 0
	for _, k := range p.Nests {
		sum += k.Eggs
	}
	return sum
}

// plural is the ending of a noun.
func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
