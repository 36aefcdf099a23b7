package livetest

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bennu/internal/htmltree"
)

// Client is one visitor with a browser: it asks for pages and sends forms, keeps
// the cookies between them and follows redirects. Make one with [New]; it belongs
// to the goroutine of the test.
type Client struct {
	t    testing.TB
	h    http.Handler
	opts Options
	site *site
	csrf string   // the token of the last page that had one
	at   *url.URL // the last page
}

// Response is what the server has answered in the end, after redirects.
type Response struct {
	// Fragment is the body as HTML; if it is none there are no elements in it.
	*Fragment
	// Status is the HTTP status, URL the address that answered it.
	Status int
	URL    *url.URL
	Header http.Header
}

// New makes a Client of an app, or any other handler. H serves on in-memory
// connections until the test ends; goroutines that its handlers leave behind
// then fail the test.
func New(t testing.TB, h http.Handler, opts ...Options) *Client {
	t.Helper()
	quiet()
	if len(opts) > 1 {
		t.Fatalf("livetest: New takes one Options, got %d", len(opts))
	}
	c := &Client{t: t, h: h}
	if len(opts) == 1 {
		c.opts = opts[0]
	}
	if err := c.opts.complete(); err != nil {
		t.Fatalf("livetest: %v", err)
	}
	base, err := c.opts.base()
	if err != nil {
		t.Fatalf("livetest: %v", err)
	}
	c.at = base
	c.site = newSite(h, c.opts.Jar)
	t.Cleanup(c.close)
	return c
}

func (c *Client) close() {
	c.t.Helper()
	c.site.close()
	if c.opts.AllowLeakedGoroutines || c.t.Failed() {
		return
	}
	if err := c.site.leaked(c.opts.Deadline); err != nil {
		c.t.Errorf("livetest: at the end of the test: %v", err)
	}
}

// Get asks for a page. Any status is an answer; an address that is none, or no
// answer at all, fails the test.
func (c *Client) Get(path string) *Response {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil)
}

// Post sends a form. Without a field "_csrf_token" it has the token of the last
// page that had one in <meta name="csrf-token">, as a form on that page would.
func (c *Client) Post(path string, form url.Values) *Response {
	c.t.Helper()
	sent := url.Values{}
	for name, values := range form {
		sent[name] = values
	}
	if !sent.Has("_csrf_token") && c.csrf != "" {
		sent.Set("_csrf_token", c.csrf)
	}
	return c.do(http.MethodPost, path, sent)
}

func (c *Client) do(method, path string, form url.Values) *Response {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), c.opts.Deadline)
	defer cancel()
	to, err := c.at.Parse(path)
	if err != nil {
		c.t.Fatalf("livetest: %s %s: %v", method, path, err)
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		c.t.Fatalf("livetest: %s %s: %v", method, path, err)
	}
	if req.Header = c.opts.Header.Clone(); req.Header == nil {
		req.Header = http.Header{}
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if req.Header.Get("Origin") == "" {
			req.Header.Set("Origin", c.at.Scheme+"://"+c.at.Host)
		}
	}
	resp, err := c.site.client.Do(req)
	if err != nil {
		c.t.Fatalf("livetest: %v\n%s", err, c.site.log.String())
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("livetest: %s %s: %v", method, path, err)
	}
	page, err := htmltree.Parse(string(text))
	if err != nil {
		c.t.Fatalf("livetest: %s %s: %v", method, path, err)
	}
	c.at = resp.Request.URL
	if meta, err := page.Find(`meta[name="csrf-token"]`); err == nil && !meta.IsZero() {
		c.csrf, _ = meta.Attr("content")
	}
	return &Response{&Fragment{t: c.t, html: string(text), root: page}, resp.StatusCode, resp.Request.URL, resp.Header}
}

// Mount opens a live page as the same visitor, see the function [Mount].
func (c *Client) Mount(path string) *View {
	c.t.Helper()
	return Mount(c.t, c.h, path, c.opts)
}
