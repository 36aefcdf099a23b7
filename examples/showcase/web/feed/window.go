package feed

import (
	"slices"

	"bennu/live"
)

// end is what the client sends when an end of the list comes into view.
type end struct {
	// Overran says that the user was faster than the posts, by the Home key or
	// the scroll bar, and is above the list already.
	Overran bool `form:"_overran"`
}

// newer brings what is above the first post, or, when that was overrun, the
// newest at once.
func (p *Page) newer(_ *live.Socket, at end) error {
	if p.from == 0 {
		return nil
	}
	if at.Overran {
		p.newest()
		return nil
	}
	begin := max(p.from-atOnce, 0)
	posts := p.posts(begin, p.from)
	slices.Reverse(posts) // each goes before the one that came before
	p.Posts.Insert(0, atMost, posts...)
	p.from, p.to = begin, min(p.to, begin+atMost)
	return nil
}

// older brings what is below the last post, and lets go of the first ones.
func (p *Page) older(*live.Socket) error {
	end := min(p.to+atOnce, len(p.shown))
	p.Posts.Insert(-1, -atMost, p.posts(p.to, end)...)
	p.from, p.to = max(p.from, end-atMost), end
	return nil
}

// newest begins anew at the top.
func (p *Page) newest() {
	p.from, p.to = 0, min(atOnce, len(p.shown))
	p.Posts.Reset(p.posts(p.from, p.to)...)
}

// refill keeps the list long enough to be scrolled after a post has gone.
func (p *Page) refill() {
	switch {
	case p.to < len(p.shown):
		p.Posts.Append(p.post(p.shown[p.to]))
		p.to++
	case p.from > 0:
		p.from--
		p.Posts.Prepend(p.post(p.shown[p.from]))
	}
}

// OnPage are the posts that the browser is to show now, in their order. The
// stream has told it so bit by bit; whoever compares the two asks here.
func (p *Page) OnPage() []Post { return p.posts(p.from, p.to) }

// posts are those of a part of what is shown.
func (p *Page) posts(from, to int) []Post {
	all := make([]Post, 0, to-from)
	for _, id := range p.shown[from:to] {
		all = append(all, p.post(id))
	}
	return all
}
