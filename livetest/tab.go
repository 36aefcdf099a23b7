package livetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"bennu/internal/htmltree"
)

// tab is a tab of a browser: one page with its address and history, its socket,
// and the views that it has joined. Everything in it belongs to the goroutine of
// the test.
type tab struct {
	t       testing.TB
	opts    Options
	site    *site
	doc     *document
	socket  *socket
	handle  *View            // what Mount has returned: the page's view, whichever page it is
	main    *View            // the same, nil for a page without a view
	views   map[string]*View // by id: those that are joining, joined or crashed
	known   map[string]*View // by id: the nested ones that there ever were, so that Views stay good
	pending map[string]*pending
	past    map[string]bool // the references of joins that are over
	frames  []Frame
	lastRef int
	joins   int // successful ones of the page's view
	loads   int // of pages

	history []visit
	at      int
	// returning says that the page goes to an address that the history has.
	returning bool
	away      *move  // where the page was sent and has not gone yet
	moves     []move // that nobody has asked for
	pushes    []pushed
	used      map[string]bool // fields that were typed in, by form and name
	closed    bool
}

// visit is an entry of the history.
type visit struct {
	url *url.URL
	// patch says that the entry was made without leaving the view, backPatch that
	// the one after it was.
	patch, backPatch bool
	page             int // the page load that it belongs to
}

// request asks the site for a page, following redirects, and makes it the tab's
// document.
func (b *tab) request(address string) error {
	base, err := b.opts.base()
	if err != nil {
		return err
	}
	if b.doc != nil {
		base = b.doc.url
	}
	at, err := base.Parse(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), b.opts.Deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	req.Header = b.opts.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	resp, err := b.site.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, b.site.log.String())
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		why := "  " + shorten(pageText(string(body)), 1000)
		if err := b.site.witness.Failure(""); err != nil {
			why = errorText(err)
		}
		return fmt.Errorf("GET %s answers %s, want 200:\n%s%s", resp.Request.URL, resp.Status, why, b.site.routes(resp))
	}
	doc, err := newDocument(resp.Request.URL, string(body))
	if err != nil {
		return fmt.Errorf("%w\n%s", err, shorten(string(body), 2000))
	}
	b.doc = doc
	return nil
}

// pageText is what a page says, without its markup: of an error page all that
// a test wants to know.
func pageText(body string) string {
	tree, err := htmltree.Parse(body)
	if err != nil {
		return shorten(body, 2000)
	}
	return shorten(tree.Text(), 2000)
}

// connect opens the socket, with the cookies and the origin of the page.
func (b *tab) connect() error {
	header := b.opts.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for _, c := range b.opts.Jar.Cookies(b.doc.url) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	if all := header.Values("Cookie"); len(all) > 1 {
		header.Set("Cookie", joinCookies(all))
	}
	header.Set("Origin", b.doc.url.Scheme+"://"+b.doc.url.Host)
	address := b.doc.socketURL(b.joins)
	var err error
	if b.socket, err = openSocket(b.site, address, header, b.opts.Deadline); err != nil {
		return fmt.Errorf("socket %s: %w; %s", address, err,
			"the path comes from <meta name=\"live-path\">, and the server checks the origin and vsn")
	}
	return nil
}

func joinCookies(all []string) string {
	joined := all[0]
	for _, c := range all[1:] {
		joined += "; " + c
	}
	return joined
}

// hangUp forgets a connection that is gone; the views went with it.
func (b *tab) hangUp() {
	b.socket.drop()
	b.socket = nil
	clear(b.pending)
	for id, v := range b.views {
		if v.status == joined {
			v.status = joining
		}
		if v != b.main {
			delete(b.views, id)
		}
	}
}

// leave tells the server that all views are left, and waits for its word.
func (b *tab) leave() error {
	clear(b.pending) // whatever it was, nobody waits for it any more
	left := false
	for _, v := range b.joinedViews() {
		left = true
		if err := b.sendLeave(v); err != nil {
			return err
		}
	}
	if !left {
		return nil
	}
	timer := time.NewTimer(b.opts.Deadline)
	defer timer.Stop()
	for len(b.pending) > 0 {
		text, ok, err := b.socket.take()
		switch {
		case ok:
			if err := b.farewell(text); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		select {
		case <-b.socket.wake:
		case <-b.socket.done:
		case <-timer.C:
			return fmt.Errorf("no answer to phx_leave within %v: is a handler still busy?", b.opts.Deadline)
		}
	}
	return nil
}

// farewell handles what comes while the page is left: nothing is drawn any
// more, but a crash is a crash.
func (b *tab) farewell(text []byte) error {
	f, err := parseFrame(text)
	if err != nil {
		return err
	}
	b.frames = append(b.frames, f)
	switch f.Event {
	case "phx_reply":
		delete(b.pending, f.Ref)
	case "phx_error":
		for _, v := range b.views {
			if v.joinRef == f.JoinRef && !v.expecting {
				return v.crashError(nil)
			}
		}
	}
	return nil
}

// unload ends what runs for the page: its views, then its connection.
func (b *tab) unload() error {
	err := b.drain()
	if err == nil && b.socket != nil {
		err = b.leave()
	}
	if b.socket != nil {
		b.socket.close()
		b.socket = nil
	}
	clear(b.pending)
	b.views = map[string]*View{}
	return err
}

// close leaves the page for good.
func (b *tab) close() {
	b.t.Helper()
	if b.closed {
		return
	}
	err := b.unload()
	b.closed = true
	b.site.close()
	if err == nil && !b.opts.AllowLeakedGoroutines {
		err = b.site.leaked(b.opts.Deadline)
	}
	if err != nil && !b.t.Failed() {
		b.t.Errorf("livetest: at the end of the test: %v", err)
	}
}

// errNoPage is what a View says of a page that was never opened.
var errNoPage = errors.New("there is no page")
