package bennu

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
)

const (
	idLen    = 16
	nonceLen = 18

	idTextLen    = 2 * idLen
	nonceTextLen = nonceLen / 3 * 4

	viewIDLen    = 12
	viewIDPrefix = "phx-"
)

// scope is what the App's stack knows of one request, and the way out for its
// answer. It is the request's context and one value, made by the outermost
// layer and filled by the others, so that a request is copied once and not once
// for each layer. An App inside another one makes a scope of its own.
type scope struct {
	context.Context // of the request as it came

	id       string // request id
	route    string // the pattern of the route that answers, for observers
	nonce    string // of the Content-Security-Policy
	mask     [csrfLen]byte
	viewID   [viewIDLen]byte
	response response
	session  requestSession // see web
	dev      *devReload     // nil in production

	values [9]string // see set
	used   int
}

type scopeKey struct{}

// openScope makes the scope of a request with all the randomness that it needs,
// read at once, and returns it with the request that carries it. An empty id
// makes a new one.
func openScope(w http.ResponseWriter, r *http.Request, id string) (*scope, *http.Request) {
	var b [idLen + nonceLen + csrfLen + viewIDLen]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	rest := b[idLen+nonceLen:]
	s := &scope{Context: r.Context(), mask: [csrfLen]byte(rest), viewID: [viewIDLen]byte(rest[csrfLen:])}
	s.response.ResponseWriter = w
	var text [idTextLen + nonceTextLen]byte
	hex.Encode(text[:], b[:idLen])
	base64.RawURLEncoding.Encode(text[idTextLen:], b[idLen:idLen+nonceLen])
	both := string(text[:])
	s.id, s.nonce = both[:idTextLen], both[idTextLen:]
	if id != "" {
		s.id = id
	}
	return s, r.WithContext(s)
}

// scopeOf is the scope in a request's context, nil where no App serves.
func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// Value finds the scope itself, or a value of the request's own context.
func (s *scope) Value(key any) any {
	if key == (scopeKey{}) {
		return s
	}
	return s.Context.Value(key)
}

// String stands for the scope where somebody prints a context.
func (s *scope) String() string { return "bennu request " + s.id }

// pageID is the id of the view's element in the page that answers this request:
// unguessable, and good as an id in CSS selectors.
func (s *scope) pageID() string {
	text := [len(viewIDPrefix) + viewIDLen/3*4]byte{}
	copy(text[:], viewIDPrefix)
	base64.RawURLEncoding.Encode(text[len(viewIDPrefix):], s.viewID[:])
	return string(text[:])
}

// web is the session's layer, nil outside of it.
func (s *scope) web() *requestSession {
	if s == nil {
		return nil
	}
	return s.response.session
}

// set is Header.Set of a canonical key, without a slice of its own.
func (s *scope) set(h http.Header, key, value string) {
	if s == nil || s.used == len(s.values) {
		h[key] = []string{value}
		return
	}
	i := s.used
	s.used++
	s.values[i] = value
	h[key] = s.values[i : i+1 : i+1]
}

// RequestID is the id by which logs name a request; the response carries it in
// the header X-Request-Id. It is "" for a request that no App serves.
func RequestID(r *http.Request) string {
	if s := scopeOf(r.Context()); s != nil {
		return s.id
	}
	return ""
}

// Nonce is the value that script and style elements written into a page need,
// in their attribute nonce, to be allowed by the Content-Security-Policy of the
// response. Take it from the request's context; it is new on every request,
// and "" where no App serves.
func Nonce(ctx context.Context) string {
	if s := scopeOf(ctx); s != nil {
		return s.nonce
	}
	return ""
}
