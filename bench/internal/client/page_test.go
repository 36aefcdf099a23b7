package client

import (
	"net/url"
	"slices"
	"testing"
)

const livePage = `<!doctype html><html><head>
<link rel="stylesheet" href="/assets/app-1.css" phx-track-static><link rel="icon" href="/favicon.ico">
<script defer phx-track-static src='https://cdn.test/app.js'></script>
<meta name="csrf-token" content="a&#43;b&quot;c"></head>
<body><div id="phx-A" class="x" data-phx-main data-phx-session="S1" data-phx-static="T1"><p id="inner"></p></div></body></html>`

func TestParsePage(t *testing.T) {
	t.Parallel()
	address := &url.URL{Scheme: "http", Host: "127.0.0.1:4000", Path: "/counter", RawQuery: "x=1"}
	p, err := parsePage(address, livePage)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{p.URL, p.ID, p.Session, p.Static, p.CSRF}
	want := []string{"http://127.0.0.1:4000/counter?x=1", "phx-A", "S1", "T1", `a+b"c`}
	if !slices.Equal(got, want) {
		t.Errorf("parsePage = %q, want %q", got, want)
	}
	if want := []string{"http://127.0.0.1:4000/assets/app-1.css", "https://cdn.test/app.js"}; !slices.Equal(p.Track, want) {
		t.Errorf("tracked files = %q, want %q", p.Track, want)
	}
	if p.Bytes != len(livePage) {
		t.Errorf("Bytes = %d, want %d", p.Bytes, len(livePage))
	}
}

func TestParsePageRefusesOtherPages(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"plain page":         `<html><body>hello</body></html>`,
		"name in text":       `<p>data-phx-main</p>`,
		"no session":         `<div id="phx-A" data-phx-main></div>`,
		"no id":              `<div data-phx-main data-phx-session="S"></div>`,
		"not the main one":   `<div id="phx-A" data-phx-session="S"></div>`,
		"cut off in the tag": `<div id="phx-A" data-phx-session="S" data-phx-main`,
	} {
		if p, err := parsePage(new(url.URL), body); err == nil {
			t.Errorf("%s: parsePage = %+v, want an error", name, p)
		}
	}
}

func TestAttr(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tag, name, want string }{
		{`<a id="x">`, "id", "x"},
		{`<a data-id="y" id="x">`, "id", "x"},
		{`<a id='x y'>`, "id", "x y"},
		{`<a id = "x">`, "id", "x"},
		{`<a title="id=1" id="x">`, "id", "x"},
		{`<a href="?a=1&amp;b=2">`, "href", "?a=1&b=2"},
		{`<a hidden>`, "hidden", ""},
		{`<a>`, "id", ""},
	} {
		if got := attr(c.tag, c.name); got != c.want {
			t.Errorf("attr(%s, %q) = %q, want %q", c.tag, c.name, got, c.want)
		}
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	p := &Page{CSRF: "a+b/c=", Track: []string{"http://h/app.css"}}
	for _, c := range []struct {
		socket string
		mounts int
		want   string
	}{
		{"/live", 0, "/live/websocket?_csrf_token=a%2Bb%2Fc%3D&_track_static%5B0%5D=http%3A%2F%2Fh%2Fapp.css&_mounts=0&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0"},
		{"/admin/live/", 1, "/admin/live/websocket?_csrf_token=a%2Bb%2Fc%3D&_track_static%5B0%5D=http%3A%2F%2Fh%2Fapp.css&_mounts=1&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0"},
	} {
		if got := p.target(c.socket, c.mounts); got != c.want {
			t.Errorf("target(%q, %d) = %s, want %s", c.socket, c.mounts, got, c.want)
		}
	}
}

func TestNewRefusesAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "/counter", "https://h/", "ws://h/", "http://", "http://h:x/", ":"} {
		if s, err := New(address, Options{}); err == nil {
			t.Errorf("New(%q) = %+v, want an error", address, s)
		}
	}
	for address, want := range map[string]string{
		"http://localhost:4000/counter": "127.0.0.1:4000", "http://127.0.0.1": "127.0.0.1:80", "http://[::1]:5/x": "[::1]:5",
	} {
		if s, err := New(address, Options{}); err != nil || s.address != want {
			t.Errorf("New(%q) goes to %v, %v, want %q", address, s, err, want)
		}
	}
}
