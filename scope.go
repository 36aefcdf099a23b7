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
)

// scope is what the App's stack knows of one request. It is one value in the
// context, made by the outermost layer and filled by the others, so that a
// request is copied once and not once for each layer. An App inside another
// one makes a scope of its own.
type scope struct {
	id    string // request id
	nonce string // of the Content-Security-Policy
	mask  [csrfLen]byte
	web   *sessionWriter // session, flash and CSRF token; nil outside that layer
}

type scopeKey struct{}

// newScope makes the scope of a request with all the randomness that it needs,
// read at once. An empty id makes a new one.
func newScope(id string) *scope {
	var b [idLen + nonceLen + csrfLen]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	if id == "" {
		id = hex.EncodeToString(b[:idLen])
	}
	s := &scope{id: id, nonce: base64.RawURLEncoding.EncodeToString(b[idLen : idLen+nonceLen])}
	copy(s.mask[:], b[idLen+nonceLen:])
	return s
}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// withScope is the request's scope, and the request with it when it had none.
func withScope(r *http.Request) (*scope, *http.Request) {
	if s := scopeOf(r.Context()); s != nil {
		return s, r
	}
	s := newScope("")
	return s, r.WithContext(context.WithValue(r.Context(), scopeKey{}, s))
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
