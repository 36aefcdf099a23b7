package livetest

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"bennu"
)

// Options change how a page is opened and what its test accepts. The zero
// value is what a browser does and the strictest test.
type Options struct {
	// Header is sent with the page's request and with the socket's. A Cookie
	// header in it goes in front of the jar's cookies.
	Header http.Header
	// Jar keeps the cookies; default is an empty one. Give the same Jar to
	// several calls to stay one visitor, say one who is logged in.
	Jar http.CookieJar
	// BaseURL is the scheme, which is http, and the host at which the page
	// believes to be; default "http://localhost". No such host is contacted.
	BaseURL string
	// Params are the connect parameters that the page's script adds to those of
	// the client, as in params: {timezone: …}.
	Params map[string]string
	// Deadline is how long the server may take for an answer; default 5 s. A
	// test in a bubble of testing/synctest does not wait for it.
	Deadline time.Duration
	// AllowJoinError lets the server refuse the join; [View.JoinError] tells how.
	AllowJoinError bool
	// AllowDuplicateIDs accepts several elements with one id. The client then
	// patches one of them for another.
	AllowDuplicateIDs bool
	// AllowFormsWithoutID accepts forms that send events and have no id. The
	// client then forgets what was typed when it has to reconnect.
	AllowFormsWithoutID bool
	// AllowLeakedGoroutines accepts goroutines that were started on behalf of
	// the page and run on when it is left. An app needs it whose handlers are
	// the first to use something that starts goroutines for good, such as a pool
	// of connections.
	AllowLeakedGoroutines bool
}

// Mount opens the page at path as a browser would: it requests it from h,
// follows redirects, keeps cookies, opens the socket that the page asks for and
// joins its view and those that are nested in it. h serves on in-memory
// connections until the test ends.
//
// The test fails at once when the page is no live page, when a join is
// refused, and when the result has duplicate ids or forms without id. Mount and
// the View's methods are called from the test's goroutine; tests of many views
// may run in parallel. More than one Options is a mistake in the call. An App
// without a Logger of its own says no more than warnings, but with go test -v.
func Mount(t testing.TB, h http.Handler, path string, opts ...Options) *View {
	t.Helper()
	quiet()
	if len(opts) > 1 {
		t.Fatalf("livetest: Mount takes one Options, got %d", len(opts))
	}
	if app, ok := h.(*bennu.App); h == nil || ok && app == nil {
		t.Fatalf("livetest: Mount wants the app, an http.Handler, got nil")
	}
	b := &tab{t: t, views: map[string]*View{}, known: map[string]*View{}, pending: map[string]*pending{}, past: map[string]bool{}, used: map[string]bool{}}
	if len(opts) == 1 {
		b.opts = opts[0]
	}
	if err := b.opts.complete(); err != nil {
		t.Fatalf("livetest: %v", err)
	}
	b.site = newSite(h, b.opts.Jar)
	t.Cleanup(b.close)
	v := &View{tab: b}
	b.handle = v
	if err := b.load(v, path); err != nil {
		t.Fatalf("livetest: %s: %v", path, err)
	}
	if b.main == nil {
		t.Fatalf("livetest: %s: the page has 0 elements with data-phx-main, want one: is it a live route?\n%s", path, shorten(b.doc.dead, 2000))
	}
	return v
}

func (o *Options) complete() error {
	if o.Deadline <= 0 {
		o.Deadline = defaultDeadline
	}
	if o.BaseURL == "" {
		o.BaseURL = "http://localhost"
	}
	if o.Jar != nil {
		return nil
	}
	jar, err := cookiejar.New(nil)
	o.Jar = jar
	return err
}

// base is the address that the page believes to be at.
func (o *Options) base() (*url.URL, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Scheme != "http" || base.Host == "" {
		return nil, fmt.Errorf("Options.BaseURL is %q, want one like http://shop.test", o.BaseURL)
	}
	return base, nil
}

// load requests a page and joins what is live in it; v becomes its view.
func (b *tab) load(v *View, address string) error {
	b.joins = 0
	b.loads++
	if err := b.request(address); err != nil {
		return err
	}
	*v = View{tab: b}
	b.main = nil
	if !b.doc.container.IsZero() {
		*v = View{tab: b, id: b.doc.id, el: b.doc.container, status: joining, href: b.doc.url}
		b.main, b.views[v.id] = v, v
	}
	b.arrive(false, false)
	if b.main == nil {
		return b.doc.check(&b.opts)
	}
	return b.joinPage()
}
