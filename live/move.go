package live

import (
	"errors"
	"fmt"
	"strconv"

	"bennu/internal/address"
	"bennu/internal/wire"
)

// move is the wish to have the browser at another address.
type move struct {
	kind    moveKind
	to      string
	replace bool
	flash   map[string]string // what it takes along
}

type moveKind uint8

const (
	patchMove    moveKind = iota + 1 // the same view with other params
	navigateMove                     // another view on the same socket
	redirectMove                     // a full page load
)

// History says what a move does to the browser's history.
type History uint8

// Replace puts the new address in the place of the present one; otherwise the
// back button leads to it. The place before stays what it is: when that is the
// new address too, as after a link that has opened a panel, the history has it
// twice, and the back button seems to do nothing once.
const Replace History = 1

// Patch gives the page another address and runs the view's HandleParams for it;
// the view lives on. The path must lead to this same view. Where the page is
// already it adds no place to the history. Not in a Mount: there the address is
// given.
func (s *Socket) Patch(path string, how ...History) { s.move(patchMove, "Patch", path, how) }

// Navigate takes the browser to the page of another view, over the socket that
// is open. This view ends. Where the path leads out of the live session the
// browser loads the page.
func (s *Socket) Navigate(path string, how ...History) { s.move(navigateMove, "Navigate", path, how) }

// Redirect makes the browser load a page of this host anew, of whatever kind it
// is. This view ends.
func (s *Socket) Redirect(path string) { s.move(redirectMove, "Redirect", path, nil) }

// RedirectExternal makes the browser load an address of another host, which
// must have a scheme such as https:. Do not give it an address from outside.
func (s *Socket) RedirectExternal(url string) {
	a := s.ask()
	if err := address.External(url); err != nil {
		a.fail(fmt.Errorf("live: RedirectExternal to %.100q: %w", url, err))
		return
	}
	a.move = &move{kind: redirectMove, to: url}
}

func (s *Socket) move(kind moveKind, call, path string, how []History) {
	a := s.ask()
	if why := address.NotLocal(path); why != "" {
		a.fail(fmt.Errorf("live: %s to %.100q: %s; want an address on this host such as \"/orders?page=2\"", call, path, why))
		return
	}
	m := &move{kind: kind, to: path}
	for _, h := range how {
		m.replace = m.replace || h == Replace
	}
	a.move = m
}

// MoveError is the outcome of a dead render whose callbacks sent the browser
// elsewhere: the page is answered with a redirect to it.
type MoveError struct {
	To    string
	Flash map[string]string // to be shown there
}

func (e *MoveError) Error() string {
	return "live: the view sends the browser to " + strconv.Quote(e.To)
}

// errMoved ends the process of a view whose page has gone elsewhere. The client
// has been told.
var errMoved = errors.New("live: the page has gone elsewhere")

// moved tells the client where the page goes, as the answer to its message if
// it waits for one. What was to be pushed to the page's script goes first.
func (p *Process) moved(ref []byte, m *move) error {
	p.pushEvents()
	var over error // nil: the page moves, and this view with it
	if !p.spec.Sticky || m.kind != navigateMove {
		over = errMoved
		p.mu.Lock()
		p.leaving = true
		p.mu.Unlock()
	}
	buf := takeBuffer()
	defer giveBuffer(buf)
	kind := "redirect"
	if m.kind == navigateMove {
		kind = "live_redirect"
	}
	if ref == nil {
		buf.b = p.appendMove(buf.b, m)
		p.out.Push(kind, buf.b)
		return over
	}
	buf.b = append(append(append(buf.b, `{"`...), kind...), `":`...)
	buf.b = append(p.appendMove(buf.b, m), '}')
	p.out.Reply(ref, true, buf.b)
	return over
}

// appendMove appends a move in the client's form.
func (p *Process) appendMove(dst []byte, m *move) []byte {
	dst = wire.AppendString(append(dst, `{"to":`...), m.to)
	if m.kind != redirectMove {
		dst = appendKind(dst, m)
	}
	return append(p.appendFlash(dst, m.flash), '}')
}

func appendKind(dst []byte, m *move) []byte {
	if m.replace {
		return append(dst, `,"kind":"replace"`...)
	}
	return append(dst, `,"kind":"push"`...)
}

// pushEvents sends the events that wait, in a diff that changes nothing.
func (p *Process) pushEvents() {
	if p.extras == nil || len(p.extras.events) == 0 {
		return
	}
	buf := takeBuffer()
	defer giveBuffer(buf)
	buf.b = append(appendEvents(append(buf.b, `{"e":`...), p.extras.events), '}')
	p.extras.events = nil
	p.out.Push("diff", buf.b)
}
