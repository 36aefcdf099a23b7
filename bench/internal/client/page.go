package client

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// A Page is what a browser learns from the HTML of a live page.
type Page struct {
	URL     string   // as the join says it
	Cookie  string   // what the response set, as a request sends it
	CSRF    string   // the token of the meta element
	ID      string   // of the element with data-phx-main
	Session string   // data-phx-session
	Static  string   // data-phx-static
	Track   []string // addresses of the files with phx-track-static
	Bytes   int      // of the HTML
}

// The parts of a page are found by regular expressions: they stand where our
// templates and those of Phoenix put them, and a parser of HTML would take more
// time than the server that is being measured.
var (
	mainTag  = regexp.MustCompile(`<[a-zA-Z][^<>]*\sdata-phx-main[^<>]*>`)
	metaTag  = regexp.MustCompile(`<meta[^<>]*csrf-token[^<>]*>`)
	trackTag = regexp.MustCompile(`<(?:link|script|img)[^<>]*phx-track-static[^<>]*>`)
	attrText = regexp.MustCompile(`([a-zA-Z_:][-a-zA-Z0-9_:.]*)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

// parsePage reads the page that stands at an address.
func parsePage(address *url.URL, body string) (*Page, error) {
	p := &Page{URL: address.String(), Bytes: len(body)}
	tag := mainTag.FindString(body)
	if tag == "" {
		return nil, errors.New("client: the page has no element with data-phx-main; is it a live page?")
	}
	p.ID, p.Session, p.Static = attr(tag, "id"), attr(tag, "data-phx-session"), attr(tag, "data-phx-static")
	if p.ID == "" || p.Session == "" {
		return nil, errors.New("client: the element with data-phx-main lacks an id or data-phx-session")
	}
	if meta := metaTag.FindString(body); meta != "" {
		p.CSRF = attr(meta, "content")
	}
	for _, tag := range trackTag.FindAllString(body, -1) {
		ref := attr(tag, "href") + attr(tag, "src")
		if u, err := address.Parse(ref); err == nil && ref != "" {
			p.Track = append(p.Track, u.String())
		}
	}
	// The tokens are kept for as long as their connection, the HTML is not.
	for _, text := range []*string{&p.ID, &p.Session, &p.Static, &p.CSRF} {
		*text = strings.Clone(*text)
	}
	return p, nil
}

// attr is the value of a tag's attribute, "" when it has none.
func attr(tag, name string) string {
	for _, m := range attrText.FindAllStringSubmatch(tag, -1) {
		if m[1] == name {
			return html.UnescapeString(m[2] + m[3])
		}
	}
	return ""
}

// target is what the upgrade asks for. The order and the odd value of
// _live_referer are the official client's.
func (p *Page) target(socket string, mounts int) string {
	var q strings.Builder
	q.WriteString("_csrf_token=" + url.QueryEscape(p.CSRF))
	for i, file := range p.Track {
		fmt.Fprintf(&q, "&_track_static%%5B%d%%5D=%s", i, url.QueryEscape(file))
	}
	fmt.Fprintf(&q, "&_mounts=%d&_mount_attempts=0&_live_referer=undefined&vsn=2.0.0", mounts)
	return strings.TrimSuffix(socket, "/") + "/websocket?" + q.String()
}
