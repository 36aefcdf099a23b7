// Package feed is the page that scrolls without end, down and up again, while
// the browser never holds more than a few screens of posts.
package feed

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bennu/examples/showcase/web/paths"
	"bennu/live"
)

const (
	starts = 1200 // posts that are there at first
	atOnce = 20   // posts that a scroll brings
	atMost = 60   // posts on the page
	// last bounds what a client can make its view hold by writing.
	last = starts + 500
)

// Page knows the numbers of all posts, and which of them the browser has. The
// posts themselves are on the page and not here.
type Page struct {
	Posts live.Stream[Post]
	About string // a topic, "liked", or "" for everything

	all      []int // the newest first
	shown    []int // those of the filter
	from, to int   // the part of shown that is on the page
	liked    map[int]bool
	written  int // the highest number so far
}

// Mount numbers the posts.
func (p *Page) Mount(_ *live.Socket, _ live.Params) error {
	p.Posts.Init("posts", func(post Post) string { return strconv.Itoa(post.ID) })
	p.liked = make(map[int]bool)
	for p.written < starts {
		p.written++
		p.all = append(p.all, p.written)
	}
	slices.Reverse(p.all)
	return nil
}

// HandleParams begins anew with the filter that the address names; one that
// there is not shows everything.
func (p *Page) HandleParams(_ *live.Socket, params live.Params) error {
	p.About = params.Get("about")
	if p.About != "liked" && !slices.Contains(Topics, p.About) {
		p.About = ""
	}
	p.shown = slices.Clone(p.all)
	if p.About != "" {
		p.shown = slices.DeleteFunc(p.shown, func(id int) bool { return !p.wanted(id) })
	}
	p.newest()
	return nil
}

// wanted tells whether the filter lets a post through.
func (p *Page) wanted(id int) bool {
	if p.About == "liked" {
		return p.liked[id]
	}
	return p.About == "" || topic(id) == p.About
}

// Events are the buttons, and the two ends of the list.
func (p *Page) Events() live.Events {
	return live.Events{
		"newer":  live.On(p.newer),
		"older":  live.Do(p.older),
		"write":  live.Do(p.write),
		"like":   live.On(p.like),
		"delete": live.On(p.delete),
	}
}

// which is what the buttons of a post send.
type which struct{ ID int }

// write puts a new post on top.
func (p *Page) write(s *live.Socket) error {
	if p.Full() {
		return nil
	}
	p.written++
	for p.About != "" && p.About != "liked" && topic(p.written) != p.About {
		p.written++ // to be seen where it is written
	}
	p.all = slices.Insert(p.all, 0, p.written)
	switch {
	case p.About == "liked":
		s.Patch(paths.Feed())
	case p.from > 0:
		p.shown = slices.Insert(p.shown, 0, p.written)
		p.newest()
	default:
		p.shown = slices.Insert(p.shown, 0, p.written)
		p.to = min(p.to+1, atMost)
		p.Posts.Insert(0, atMost, write(p.written))
	}
	return nil
}

// Full tells that no more can be written.
func (p *Page) Full() bool { return p.written >= last-len(Topics) }

// like marks a post or takes the mark back, and shows it where it stands.
func (p *Page) like(_ *live.Socket, w which) error {
	if !slices.Contains(p.all, w.ID) {
		return nil
	}
	p.liked[w.ID] = !p.liked[w.ID]
	if i := slices.Index(p.shown, w.ID); i >= p.from && i < p.to {
		p.Posts.Update(p.post(w.ID))
	}
	return nil
}

// delete takes a post away for good, and lets the next one move up.
func (p *Page) delete(_ *live.Socket, w which) error {
	p.all = slices.DeleteFunc(p.all, func(id int) bool { return id == w.ID })
	delete(p.liked, w.ID)
	i := slices.Index(p.shown, w.ID)
	if i < 0 {
		return nil
	}
	p.shown = slices.Delete(p.shown, i, i+1)
	switch {
	case i < p.from:
		p.from, p.to = p.from-1, p.to-1
	case i < p.to:
		p.Posts.Delete(Post{ID: w.ID})
		p.to--
		p.refill()
	}
	return nil
}

// post is the post with this number as it is now.
func (p *Page) post(id int) Post {
	post := write(id)
	post.Liked = p.liked[id]
	return post
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }

// address is the page's with a filter.
func address(about string) string {
	if about == "" {
		return paths.Feed()
	}
	return paths.Feed(paths.Query{"about": about})
}

func title(topic string) string { return strings.ToUpper(topic[:1]) + topic[1:] }
