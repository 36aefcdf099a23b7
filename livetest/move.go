package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

type moveKind uint8

const (
	byPatch    moveKind = iota // the same view
	byNavigate                 // another view over the same socket
	byRedirect                 // a page load
)

func (k moveKind) String() string {
	return [...]string{"patch", "navigation", "redirect"}[k]
}

// move is a change of the page's address.
type move struct {
	kind    moveKind
	to      string
	replace bool
	flash   string // the token
}

func (m move) String() string { return fmt.Sprintf("%s to %s", m.kind, m.to) }

// destination is where a redirect or a patch leads, as the wire says it.
type destination struct {
	To    string `json:"to"`
	Kind  string `json:"kind"`
	Flash string `json:"flash"`
}

func (d destination) move(kind moveKind) move {
	return move{kind, d.To, d.Kind == "replace", d.Flash}
}

// sentAway handles the server's word that the page goes elsewhere.
func (v *View) sentAway(kind moveKind, text json.RawMessage) error {
	var d destination
	if err := json.Unmarshal(text, &d); err != nil || d.To == "" {
		return fmt.Errorf("redirect %s: want an object with \"to\"", text)
	}
	if kind == byNavigate && d.Kind != "push" && d.Kind != "replace" {
		return fmt.Errorf("live_redirect %s: kind must be push or replace, the client throws at any other", text)
	}
	if !v.sticky || kind != byNavigate { // the server ends it
		v.status = gone
		v.forget()
	}
	return v.goAway(d.move(kind))
}

// goAway notes where the page is sent; [View.Follow] goes there.
func (b *tab) goAway(m move) error {
	b.away = &m
	b.moves = append(b.moves, m)
	return nil
}

func (b *tab) awayError() error {
	return fmt.Errorf("the view has sent the page away to %s; Follow goes there", b.away.to)
}

// patched handles the server's word that the page has another address.
func (v *View) patched(text json.RawMessage) error {
	var d destination
	if err := json.Unmarshal(text, &d); err != nil {
		return fmt.Errorf("live_patch %s: %w", text, err)
	}
	if d.Kind != "push" && d.Kind != "replace" {
		return fmt.Errorf("live_patch %s: kind must be push or replace, the client throws at any other", text)
	}
	if v != v.main {
		return fmt.Errorf("live_patch %s on the topic of %q, which is not the page's view", text, v.id)
	}
	return v.patchedTo(d.move(byPatch))
}

// patchedTo gives the page another address.
func (b *tab) patchedTo(m move) error {
	to, err := b.doc.url.Parse(m.to)
	if err != nil {
		return fmt.Errorf("live_patch to %q: %w", m.to, err)
	}
	b.doc.url, b.main.href = to, to
	b.moves = append(b.moves, m)
	b.arrive(m.replace, true)
	return nil
}

// arrive enters the present address into the history.
func (b *tab) arrive(replace, patch bool) {
	e := visit{url: b.doc.url, patch: patch, page: b.loads}
	switch {
	case len(b.history) == 0:
		e.patch = true
		b.history = []visit{e}
	case b.returning:
		b.history[b.at].page = b.loads
	case replace:
		e.backPatch = b.history[b.at].backPatch
		b.history[b.at] = e
	default:
		b.history[b.at].backPatch = patch
		b.history = append(b.history[:b.at+1:b.at+1], e)
		b.at++
	}
}

// Redirected is the address to which the view has sent the page away, "" while
// the page stays and once it has been followed. The view has ended then.
func (v *View) Redirected() string {
	v.t.Helper()
	v.look()
	if v.away == nil {
		return ""
	}
	return v.away.to
}

// Follow goes where a view has sent the page: to another view over the same
// socket for a Navigate, to a newly loaded page for a Redirect. If the page was
// not sent away yet, Follow first waits for what the server may still send. The
// View is then that of the page it leads to, which need not have a live one:
// what such a page shows can be asked for all the same.
func (v *View) Follow() {
	v.t.Helper()
	v.look()
	if v.away == nil {
		err := v.wait("redirect", func() bool { return v.away != nil })
		if errors.Is(err, errSilence) {
			err = errors.New("the page has not been sent anywhere")
		}
		if err != nil {
			v.t.Fatalf("livetest: Follow: %v", err)
		}
	}
	m := *v.away
	if err := v.follow(m); err != nil {
		v.t.Fatalf("livetest: follow the %s: %v", m, err)
	}
}

func (b *tab) follow(m move) error {
	if b.closed {
		return errClosed
	}
	to, err := b.doc.url.Parse(m.to)
	switch {
	case err != nil:
		return err
	case to.Host != b.doc.url.Host || to.Scheme != b.doc.url.Scheme:
		return fmt.Errorf("it leads to another host, of which a test can only ask whether it does, by WantRedirect")
	case m.kind == byNavigate:
		return b.navigate(to, m)
	}
	return b.reload(to, m.flash)
}

// reload leaves the page and loads another one.
func (b *tab) reload(to *url.URL, flash string) error {
	if err := b.unload(); err != nil {
		return err
	}
	if flash != "" {
		b.opts.Jar.SetCookies(to, []*http.Cookie{{Name: "__phoenix_flash__", Value: flash, Path: "/", MaxAge: 60}})
	}
	b.away = nil
	v := b.handle
	return b.load(v, to.String())
}

// navigate takes the page to another view over its socket.
func (b *tab) navigate(to *url.URL, m move) error {
	if b.main == nil || b.socket == nil {
		return b.reload(to, m.flash)
	}
	b.away = nil
	v := b.main
	for _, c := range v.Children() {
		if err := c.destroy(); err != nil {
			return err
		}
	}
	if err := b.sendLeave(v); err != nil {
		return err
	}
	v.referer, v.href, v.navigated, v.landing, v.flash = b.doc.url, to, true, m, m.flash
	v.mounts, v.attempts = 0, 0
	if err := v.join(); err != nil {
		return err
	}
	return v.refusal(b.settle("the join of " + to.RequestURI()))
}

// clickLink does what the client does at a link of its own.
func (b *tab) clickLink(href, kind, state string) error {
	if state != "push" && state != "replace" {
		return fmt.Errorf("data-phx-link-state is %q, want push or replace; the client throws at any other", state)
	}
	if kind != "patch" && kind != "redirect" {
		return fmt.Errorf("data-phx-link is %q, want patch or redirect; the client throws at any other", kind)
	}
	return b.goTo(href, kind == "patch", state == "replace")
}

// goTo patches or navigates at the user's wish.
func (b *tab) goTo(href string, patch, replace bool) error {
	if b.main == nil {
		return errors.New("the page has no live view")
	}
	if err := b.main.canPush(); err != nil {
		return err
	}
	to, err := b.doc.url.Parse(href)
	if err != nil {
		return err
	}
	if to.Host != b.doc.url.Host || to.Scheme != b.doc.url.Scheme {
		return b.goAway(move{kind: byRedirect, to: href})
	}
	m := move{kind: byNavigate, to: href, replace: replace}
	if !patch {
		b.moves = append(b.moves, m)
		return b.navigate(to, m)
	}
	m.kind = byPatch
	return b.patchTo(to, m)
}

// patchTo asks the page's view to follow another address of its own. What is
// another view's page is navigated to.
func (b *tab) patchTo(to *url.URL, m move) error {
	response, err := b.main.push("live_patch", map[string]string{"url": to.String()}, "the patch to "+m.to)
	if err != nil || response == nil || b.away != nil {
		return err
	}
	var r struct {
		LinkRedirect bool `json:"link_redirect"`
	}
	if err := json.Unmarshal(response, &r); err != nil {
		return err
	}
	if r.LinkRedirect {
		m.kind = byNavigate
		b.moves = append(b.moves, m)
		return b.navigate(to, m)
	}
	return b.patchedTo(m)
}

// Patch takes the page to another address of its view, as the click of a link
// that patches does, for tests that begin where no link leads. Where another
// view stands there the client navigates, and so does the test.
func (v *View) Patch(path string) {
	v.t.Helper()
	v.goes(path, byPatch)
}

// Navigate takes the page to another view over its socket, as the click of a
// link that navigates does. What is in another live session is not reached so;
// the page is sent to load it then, see [View.Follow].
func (v *View) Navigate(path string) {
	v.t.Helper()
	v.goes(path, byNavigate)
}

func (b *tab) goes(path string, kind moveKind) {
	b.t.Helper()
	b.look()
	if err := b.goTo(path, kind == byPatch, false); err != nil {
		b.t.Fatalf("livetest: %s to %s: %v", kind, path, err)
	}
}

// Back goes back in the page's history, as the browser's button does; Forward
// goes forward again. The test fails where there is nowhere to go.
func (v *View) Back() {
	v.t.Helper()
	v.travel(-1)
}

// Forward goes forward in the page's history.
func (v *View) Forward() {
	v.t.Helper()
	v.travel(1)
}

func (b *tab) travel(by int) {
	b.t.Helper()
	b.look()
	to := b.at + by
	if to < 0 || to >= len(b.history) {
		b.t.Fatalf("livetest: the history ends here: %s", b.historyText())
	}
	patch := b.history[to].patch
	if by < 0 {
		patch = b.history[to].backPatch
	}
	b.at = to
	e := b.history[to]
	b.returning = true
	defer func() { b.returning = false }()
	m := move{kind: byPatch, to: e.url.RequestURI()}
	var err error
	switch {
	case b.closed:
		err = errClosed
	case e.page != b.loads:
		err = b.reload(e.url, "")
	case b.main != nil && b.main.status == joined && patch:
		err = b.patchTo(e.url, m)
	default:
		m.kind = byNavigate
		err = b.navigate(e.url, m)
	}
	if err != nil {
		b.t.Fatalf("livetest: to %s in the history: %v", m.to, err)
	}
}

func (b *tab) historyText() string {
	var all []string
	for i, e := range b.history {
		text := e.url.RequestURI()
		if i == b.at {
			text = "[" + text + "]"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
