package livetest

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// WantPatch fails the test unless the page gets this address without its view
// being left, by [live.Socket.Patch] or by a link. Like the other Want methods
// it first waits for what the server may still send, and asks for what nobody
// has asked for yet: each move is wanted once.
func (v *View) WantPatch(path string) {
	v.t.Helper()
	v.want(byPatch, path)
}

// WantNavigate fails the test unless the page goes to another view at this
// address over its socket. A view's own Navigate is then to be followed, by
// [View.Follow]; a link that was clicked has been.
func (v *View) WantNavigate(path string) {
	v.t.Helper()
	v.want(byNavigate, path)
}

// WantRedirect fails the test unless the page is sent to load this address: by
// [live.Socket.Redirect], a plain link, or because a link leads out of the live
// session. [View.Follow] loads it.
func (v *View) WantRedirect(address string) {
	v.t.Helper()
	v.want(byRedirect, address)
}

// RefutePatch fails the test if the page has got another address by a patch
// that no WantPatch has asked for. Like the other Refute methods it first waits
// until the view has settled, see [View.Settle].
func (v *View) RefutePatch() {
	v.t.Helper()
	v.refute(byPatch)
}

// RefuteNavigate fails the test if the page goes to another view and no
// WantNavigate has asked for it.
func (v *View) RefuteNavigate() {
	v.t.Helper()
	v.refute(byNavigate)
}

// RefuteRedirect fails the test if the page is sent to load another one and no
// WantRedirect has asked for it.
func (v *View) RefuteRedirect() {
	v.t.Helper()
	v.refute(byRedirect)
}

func (b *tab) want(kind moveKind, to string) {
	b.t.Helper()
	b.look()
	i := -1
	found := func() bool {
		i = slices.IndexFunc(b.moves, func(m move) bool { return m.kind == kind && m.to == to })
		return i >= 0
	}
	if !found() {
		if err := b.await(found); err != nil {
			b.t.Fatalf("livetest: while waiting for the %s to %s: %v", kind, to, err)
		}
	}
	if i < 0 {
		b.t.Fatalf("livetest: no %s to %s; the page is at %s, and its moves were\n%s%s", kind, to, b.doc.url.RequestURI(), b.movesText(), b.otherMove(to))
	}
	b.moves = slices.Delete(b.moves, i, i+1)
}

func (b *tab) refute(kind moveKind) {
	b.t.Helper()
	b.calm()
	if i := slices.IndexFunc(b.moves, func(m move) bool { return m.kind == kind }); i >= 0 {
		b.t.Fatalf("livetest: the page was not to move, but there was a %s; its moves were\n%s", b.moves[i], b.movesText())
	}
}

// await waits until done, or until the server has been silent for the deadline,
// which is no error.
func (b *tab) await(done func() bool) error {
	if b.closed || b.socket == nil {
		return nil
	}
	if err := b.wait("message", func() bool { return done() || b.away != nil }); err != nil && !errors.Is(err, errSilence) {
		return err
	}
	return nil
}

// otherMove is a hint about a move of another kind to an address.
func (b *tab) otherMove(to string) string {
	for _, m := range b.moves {
		if m.to == to {
			return "\nfor this " + m.kind.String() + " there is " + [...]string{"WantPatch", "WantNavigate", "WantRedirect"}[m.kind]
		}
	}
	return ""
}

func (b *tab) movesText() string {
	if len(b.moves) == 0 {
		return "  none that is not asked for yet"
	}
	var lines []string
	for _, m := range b.moves {
		lines = append(lines, "  "+m.String())
	}
	return strings.Join(lines, "\n")
}

// WantPush is the payload of an event that a view has pushed to the page's
// script by this name. It first waits for what the server may still send, and
// fails the test when nothing comes or the payload does not fit a T; fields that
// T does not have are ignored. Each event is wanted once, the first of a name
// first.
func WantPush[T any](v *View, name string) T {
	v.t.Helper()
	var payload T
	text := v.wantPush(name)
	if err := json.Unmarshal(text, &payload); err != nil {
		v.t.Fatalf("livetest: the pushed event %q: %v\nits payload is %s", name, err, text)
	}
	return payload
}

func (b *tab) wantPush(name string) json.RawMessage {
	b.t.Helper()
	b.look()
	i := -1
	found := func() bool {
		i = slices.IndexFunc(b.pushes, func(e pushed) bool { return e.name == name })
		return i >= 0
	}
	if !found() {
		if err := b.await(found); err != nil {
			b.t.Fatalf("livetest: while waiting for the pushed event %q: %v", name, err)
		}
	}
	if i < 0 {
		b.t.Fatalf("livetest: no event %q was pushed; there are %s", name, b.pushesText())
	}
	e := b.pushes[i]
	b.pushes = slices.Delete(b.pushes, i, i+1)
	text, err := e.json()
	if err != nil {
		b.t.Fatalf("livetest: the pushed event %q: %v", name, err)
	}
	return text
}

// RefutePush fails the test if a view has pushed an event of this name that no
// [WantPush] has asked for. It first waits until the view has settled.
func RefutePush(v *View, name string) {
	v.t.Helper()
	v.calm()
	for _, e := range v.pushes {
		if e.name == name {
			v.t.Fatalf("livetest: no event %q was to be pushed, but there are %s", name, v.pushesText())
		}
	}
}

func (b *tab) pushesText() string {
	var all []string
	for _, e := range b.pushes {
		text, err := e.json()
		if err != nil {
			text = json.RawMessage(err.Error())
		}
		all = append(all, strconv.Quote(e.name)+" "+shorten(string(text), 200))
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}

// json is the payload as JSON.
func (e pushed) json() (json.RawMessage, error) { return encode(plain(e.payload)) }

// plain is a JSON value with its numbers in a form that encoding/json writes as
// they came.
func plain(v any) any {
	switch v := v.(type) {
	case number:
		return json.Number(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	case object:
		o := make(object, len(v))
		for key, value := range v {
			o[key] = plain(value)
		}
		return o
	}
	return v
}
