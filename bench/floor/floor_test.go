package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"bennu/bench/internal/client"
)

func site(t *testing.T) *client.Site {
	t.Helper()
	s := httptest.NewServer(handler())
	t.Cleanup(s.Close)
	site, err := client.New(s.URL+"/counter", client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func load(t *testing.T, s *client.Site) *client.Page {
	t.Helper()
	loader := s.Loader()
	t.Cleanup(loader.Close)
	page, err := loader.Load()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestJoinAndClicks(t *testing.T) {
	t.Parallel()
	s := site(t)
	page := load(t, s)
	// As large as the showcase's, give or take a tenth.
	if page.Bytes < 2200 || page.Bytes > 2700 {
		t.Errorf("the page has %d bytes, want about 2,400", page.Bytes)
	}
	view, reply, err := s.OpenTrace(page)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(view.Close)
	if !bytes.Contains(reply.Payload, []byte(`"rendered":{"0":"font-bold px-4 text-xl","1":"0","s":["<section `)) {
		t.Errorf("reply to the join: %s, want the page's tree", reply.Payload)
	}
	for _, want := range []string{`{"diff":{"1":"1"}}`, `{"diff":{"1":"2"}}`} {
		reply, err := view.Do("click", "increase", []byte(`{"number":"2"}`))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(reply.Payload, []byte(want)) {
			t.Errorf("reply to a click: %s, want %s", reply.Payload, want)
		}
	}
	if err := view.Left(); err != nil {
		t.Errorf("leave: %v", err)
	}
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	s := site(t)
	page := load(t, s)
	forged := *page
	forged.Session = "x" + page.Session
	if view, err := s.Open(&forged); err == nil {
		view.Close()
		t.Error("a forged session token was accepted")
	}
	forged = *page
	forged.Cookie = strings.Replace(page.Cookie, ".", ".A", 1)
	if view, err := s.Open(&forged); err == nil || !strings.Contains(err.Error(), "403") {
		if err == nil {
			view.Close()
		}
		t.Errorf("a forged cookie: %v, want 403", err)
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	masked := func(b ...byte) []byte { return b }
	for name, c := range map[string]struct {
		in   []byte
		size int
	}{
		"whole":                    {masked(0x81, 0x82, 0, 0, 0, 0, 'h', 'i', 'x'), 8},
		"empty":                    {masked(0x81, 0x80, 0, 0, 0, 0), 6},
		"cut off":                  {masked(0x81, 0x82, 0, 0, 0, 0, 'h'), 0},
		"two bytes":                {masked(0x81, 0x82), 0},
		"nothing":                  {nil, 0},
		"cut off in the long size": {masked(0x81, 0xfe, 1, 0, 0, 0, 0), 0},
		"too large":                {masked(0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0), 10},
	} {
		if _, _, size := frame(bytes.Clone(c.in)); size != c.size {
			t.Errorf("%s: frame takes %d bytes, want %d", name, size, c.size)
		}
	}
}
