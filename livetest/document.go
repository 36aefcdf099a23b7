package livetest

import (
	"fmt"
	"net/url"

	"bennu/internal/htmltree"
)

// document is the page as the browser has it: what the request brought, with
// what the view has drawn since inside the view's element.
type document struct {
	url       *url.URL
	dead      string
	tree      htmltree.Node
	body      htmltree.Node
	container htmltree.Node // of the page's view; zero: it has none
	id        string
	csrf      string
	livePath  string
	tracked   []string
	title     string
}

// newDocument reads a page that was rendered for a request.
func newDocument(at *url.URL, body string) (*document, error) {
	d := &document{url: at, dead: body, livePath: "/live"}
	var err error
	if d.tree, err = htmltree.Parse(body); err != nil {
		return nil, err
	}
	if d.body, err = d.tree.Find("body"); err != nil {
		return nil, err
	}
	for e := range d.tree.Elements() {
		d.head(e)
	}
	mains, err := d.tree.All("[data-phx-main]")
	if err != nil || len(mains) == 0 {
		return d, err
	}
	if len(mains) != 1 {
		return nil, fmt.Errorf("the page has %d elements with data-phx-main, want one", len(mains))
	}
	d.container = mains[0]
	d.id = d.container.ID()
	if d.id == "" {
		return nil, fmt.Errorf("the view's element has no id: %s", openTag(d.container))
	}
	if !d.container.Has("data-phx-session") || !d.container.Has("data-phx-static") {
		return nil, fmt.Errorf("the view's element lacks data-phx-session or data-phx-static: %s", openTag(d.container))
	}
	return d, nil
}

// check finds what a browser would get wrong without a word.
func (d *document) check(o *Options) error {
	if twice := d.tree.DuplicateIDs(); len(twice) > 0 && !o.AllowDuplicateIDs {
		d := twice[0]
		text := fmt.Sprintf("the id %q is used %d times on the page; the client patches elements by id and mixes them up:", d.ID, len(d.Elements))
		for _, e := range d.Elements {
			text += "\n  " + shorten(e.Outer(), 200)
		}
		return fmt.Errorf("%s\ngive each its own id (or set Options.AllowDuplicateIDs)", text)
	}
	if forms := d.tree.FormsWithoutID(); len(forms) > 0 && !o.AllowFormsWithoutID {
		return fmt.Errorf("a form that sends events has no id, so what people typed is lost at a reconnect:\n  %s\ngive it an id (or set Options.AllowFormsWithoutID)",
			shorten(forms[0].Outer(), 200))
	}
	return nil
}

// head takes what scripts look up in the page, mostly in its <head>.
func (d *document) head(e htmltree.Node) {
	name, _ := e.Attr("name")
	content, _ := e.Attr("content")
	switch {
	case e.Tag() == "meta" && name == "csrf-token":
		d.csrf = content
	case e.Tag() == "meta" && name == "live-path":
		d.livePath = content
	case e.Tag() == "title" && d.title == "":
		d.title = e.Text()
	case e.Has("phx-track-static"):
		for _, attr := range []string{"href", "src"} {
			if ref, ok := e.Attr(attr); ok {
				if u, err := d.url.Parse(ref); err == nil {
					d.tracked = append(d.tracked, u.String())
				}
			}
		}
	}
}

// setTitle does what the client does with the title of a diff.
func (d *document) setTitle(title string) {
	e, err := d.tree.Find("title")
	if err != nil || e.IsZero() {
		d.title = title
		return
	}
	prefix, _ := e.Attr("data-prefix")
	suffix, _ := e.Attr("data-suffix")
	if fallback, ok := e.Attr("data-default"); title == "" && ok {
		title = fallback
	} else if title == "" {
		return
	}
	d.title = prefix + title + suffix
}

// socketURL is where the page's script opens its socket.
func (d *document) socketURL(mounts int) string {
	u := *d.url
	u.Scheme = "ws"
	if d.url.Scheme == "https" {
		u.Scheme = "wss"
	}
	u.Path, u.RawPath, u.Fragment = d.livePath+"/websocket", "", ""
	q := "_csrf_token=" + url.QueryEscape(d.csrf)
	for i, t := range d.tracked {
		q += fmt.Sprintf("&_track_static[%d]=%s", i, url.QueryEscape(t))
	}
	u.RawQuery = q + fmt.Sprintf("&_mounts=%d&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0", mounts)
	return u.String()
}
