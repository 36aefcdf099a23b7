package client

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

// A Loader loads pages over one kept connection, as a browser tab does. It is
// for one goroutine at a time.
type Loader struct {
	site *Site
	conn net.Conn // nil before the first load and after a failure
	br   *bufio.Reader
}

// Loader makes a loader of the site's page.
func (s *Site) Loader() *Loader { return &Loader{site: s} }

// Get loads the page, does not look at it, and returns the number of bytes of
// its body as they came. A status other than 200 is an error.
func (l *Loader) Get() (int, error) {
	_, body, err := l.get()
	return len(body), err
}

// Load loads the page as a new visitor, without a cookie.
func (l *Loader) Load() (*Page, error) {
	resp, body, err := l.get()
	if err != nil {
		return nil, err
	}
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gunzip(body); err != nil {
			return nil, fmt.Errorf("client: page: %w", err)
		}
	}
	p, err := parsePage(l.site.url, string(body))
	if err != nil {
		return nil, err
	}
	var cookies []string
	for _, c := range resp.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	p.Cookie = strings.Join(cookies, "; ")
	return p, nil
}

// Close closes the connection.
func (l *Loader) Close() {
	if l.conn == nil {
		return
	}
	_ = l.conn.Close() // nothing is under way on it
	l.conn = nil
}

// get loads the page, once more when the server has closed the kept connection
// in the meantime.
func (l *Loader) get() (*http.Response, []byte, error) {
	kept := l.conn != nil
	resp, body, err := l.try()
	if err != nil && kept {
		l.Close()
		resp, body, err = l.try()
	}
	if err != nil {
		l.Close()
		return nil, nil, fmt.Errorf("client: GET %s: %w", l.site.url.Path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("client: GET %s: %s, want 200", l.site.url.Path, resp.Status)
	}
	return resp, body, nil
}

func (l *Loader) try() (*http.Response, []byte, error) {
	if l.conn == nil {
		conn, err := l.site.dial()
		if err != nil {
			return nil, nil, err
		}
		l.conn, l.br = conn, bufio.NewReaderSize(conn, 16<<10)
	}
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, nil, err
	}
	if _, err := io.WriteString(l.conn, l.site.request()); err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(l.br, nil)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, err
	}
	if resp.Close {
		l.Close()
	}
	return resp, body, nil
}

// request is the page's request with about the headers of a browser.
func (s *Site) request() string {
	encoding := ""
	if s.opts.Gzip {
		encoding = "Accept-Encoding: gzip\r\n"
	}
	return "GET " + s.url.RequestURI() + " HTTP/1.1\r\nHost: " + s.url.Host + "\r\nConnection: keep-alive\r\nUser-Agent: " + userAgent +
		"\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-GB,en;q=0.9\r\n" + encoding + "\r\n"
}

func gunzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
