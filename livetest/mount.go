package livetest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"testing"
	"time"

	"bennu/internal/htmltree"
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
}

// Mount opens the page at path as a browser would: it requests it from h,
// follows redirects, keeps cookies, opens the socket that the page asks for and
// joins its view. h serves on in-memory connections until the test ends.
//
// The test fails at once when the page is no live page, when the join is
// refused, and when the result has duplicate ids or forms without id. Mount and
// the View's methods are called from the test's goroutine; tests of many views
// may run in parallel. More than one Options is a mistake in the call. An App
// without a Logger of its own says no more than warnings, but with go test -v.
func Mount(t testing.TB, h http.Handler, path string, opts ...Options) *View {
	t.Helper()
	quiet()
	v := &View{t: t}
	if len(opts) > 1 {
		t.Fatalf("livetest: Mount takes one Options, got %d", len(opts))
	}
	if len(opts) == 1 {
		v.opts = opts[0]
	}
	if err := v.defaults(); err != nil {
		t.Fatalf("livetest: %v", err)
	}
	v.site = newSite(h, v.opts.Jar)
	t.Cleanup(v.Close)
	if err := v.open(path); err != nil {
		t.Fatalf("livetest: %s: %v", path, err)
	}
	v.Rejoin()
	return v
}

func (v *View) defaults() error {
	if v.opts.Deadline <= 0 {
		v.opts.Deadline = defaultDeadline
	}
	if v.opts.BaseURL == "" {
		v.opts.BaseURL = "http://localhost"
	}
	if v.opts.Jar == nil {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		v.opts.Jar = jar
	}
	return nil
}

// open requests the page.
func (v *View) open(path string) error {
	base, err := url.Parse(v.opts.BaseURL)
	if err != nil || base.Scheme != "http" || base.Host == "" {
		return fmt.Errorf("Options.BaseURL is %q, want one like http://shop.test", v.opts.BaseURL)
	}
	at, err := base.Parse(path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), v.opts.Deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	req.Header = v.opts.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	resp, err := v.site.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, v.site.log.String())
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answers %s, want 200:\n%s", resp.Request.URL, resp.Status, pageText(string(body)))
	}
	v.doc, err = newDocument(resp.Request.URL, string(body))
	if err != nil {
		return fmt.Errorf("%w\n%s", err, shorten(string(body), 2000))
	}
	v.status = joining
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
func (v *View) connect() error {
	header := v.opts.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for _, c := range v.opts.Jar.Cookies(v.doc.url) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	if all := header.Values("Cookie"); len(all) > 1 {
		header.Set("Cookie", joinCookies(all))
	}
	header.Set("Origin", v.doc.url.Scheme+"://"+v.doc.url.Host)
	address := v.doc.socketURL(v.mounts)
	var err error
	if v.socket, err = openSocket(v.site, address, header, v.opts.Deadline); err != nil {
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

// joinPayload is what the client sends to join the page's main view, member by
// member and in its order.
type joinPayload struct {
	URL     string     `json:"url"`
	Params  joinParams `json:"params"`
	Session string     `json:"session"`
	Static  *string    `json:"static"`
	Sticky  bool       `json:"sticky"`
}

// joinParams are the CSRF token, the app's parameters, and behind them the
// client's own.
type joinParams struct {
	csrf     string
	app      map[string]string
	tracked  []string
	mounts   int
	attempts int
}

// MarshalJSON writes the parameters in the client's order.
func (p joinParams) MarshalJSON() ([]byte, error) {
	var o orderedObject
	o.add("_csrf_token", p.csrf)
	for _, name := range slices.Sorted(maps.Keys(p.app)) {
		o.add(name, p.app[name])
	}
	if len(p.tracked) > 0 {
		o.add("_track_static", p.tracked)
	}
	o.add("_mounts", p.mounts)
	o.add("_mount_attempts", p.attempts)
	return o.bytes()
}

// join is the payload with which the view joins now.
func (v *View) join() joinPayload {
	j := joinPayload{
		URL:     v.doc.url.String(),
		Params:  joinParams{v.doc.csrf, v.opts.Params, v.doc.tracked, v.mounts, v.attempts},
		Session: v.doc.session,
	}
	if v.doc.static != "" {
		j.Static = &v.doc.static
	}
	return j
}
