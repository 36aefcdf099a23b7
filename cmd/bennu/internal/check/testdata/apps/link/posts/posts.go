package posts

import (
	"github.com/a-h/templ"

	"bennu/live"

	"shop/link/paths"
)

// Post is no value for an address.
type Post struct{ ID int }

// Slug is one.
type Slug struct{ ID int }

// Param is how it stands there.
func (s Slug) Param() string { return "slug" }

// Index is the page of all posts.
type Index struct{ Posts []Post }

// Events are the buttons.
func (v *Index) Events() live.Events { return live.Events{"go": live.Do(v.goOn)} }

func (v *Index) goOn(s *live.Socket) error {
	s.Patch("/posts?page=2")
	s.Patch("/posts/7")
	s.Patch(paths.Post(7))
	s.Patch(paths.Posts(paths.Query{"page": 2}))
	s.Patch(s.Path("/posts.csv"))
	s.Navigate("/posts/7/edti")
	s.Navigate(s.Path("/post"))
	s.Navigate(paths.Post(Slug{7}))
	s.Redirect("/legacy/old")
	s.Redirect("/about/us")
	s.Redirect(paths.Post(Post{7}))
	where := "/nowhere"
	s.Redirect(where)
	return nil
}

// Render draws the page.
func (v *Index) Render() templ.Component { return index(v) }

// Show is the page of one post.
type Show struct{ Post Post }

// Render draws the page.
func (v *Show) Render() templ.Component { return show(v) }

func (p Post) link() string { return "x" }
