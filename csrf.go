package bennu

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"bennu/live"
)

const (
	// csrfKey is the session's name for its CSRF secret.
	csrfKey = "_csrf_token"
	// csrfField and csrfHeader carry a masked token: a form's hidden field and
	// the header that a script sets.
	csrfField  = "_csrf_token"
	csrfHeader = "X-Csrf-Token"

	csrfLen     = 18 // bytes of the secret
	csrfTextLen = csrfLen / 3 * 4
)

var csrfEncoding = base64.RawURLEncoding.Strict()

// CSRFToken is the token by which a page proves, in a form's hidden field
// "_csrf_token", in the header X-CSRF-Token, or when its script opens a socket,
// that this App drew it for this browser's session. The text is another one in
// every response and all of them are good until the session is renewed.
//
// It is "" for a request that no App serves, and when the session can not be
// read or can no longer take its secret because the header of the response is
// written; the latter is logged.
func CSRFToken(r *http.Request) string {
	sc := scopeOf(r.Context())
	web := sc.web()
	if web == nil {
		return ""
	}
	session, err := web.open()
	if err != nil {
		return "" // error pages ask too; Session says it to those who can not do without
	}
	token, err := maskCSRF(session, sc.mask)
	if err != nil {
		web.sessions.log.LogAttrs(r.Context(), slog.LevelWarn, "page has no CSRF token",
			slog.Any("err", err), slog.String("request_id", sc.id))
		return ""
	}
	return token
}

// maskCSRF is the session's CSRF secret under a mask, which is new in every
// response: a secret that is the same in many compressed responses could be
// guessed from their lengths (the BREACH attack). A session without a secret
// is given one.
func maskCSRF(session *live.Session, mask [csrfLen]byte) (string, error) {
	secret, ok := csrfSecret(session)
	if !ok {
		rand.Read(secret[:]) // never fails: the runtime ends the program first
		var text [csrfTextLen]byte
		csrfEncoding.Encode(text[:], secret[:])
		if err := session.Put(csrfKey, string(text[:])); err != nil {
			return "", err
		}
	}
	var token [2 * csrfLen]byte
	copy(token[:], mask[:])
	subtle.XORBytes(token[csrfLen:], mask[:], secret[:])
	var text [2 * csrfTextLen]byte
	csrfEncoding.Encode(text[:], token[:])
	return string(text[:]), nil
}

// csrfSecret is the session's secret, and whether it has one.
func csrfSecret(session *live.Session) (secret [csrfLen]byte, ok bool) {
	text := session.Get(csrfKey)
	if len(text) != csrfTextLen {
		return secret, false
	}
	n, err := csrfEncoding.Decode(secret[:], []byte(text))
	return secret, err == nil && n == csrfLen
}

// verifyCSRF reports that a masked token, which comes from outside, is of this
// session. It takes the same time for every wrong one.
func verifyCSRF(session *live.Session, masked string) bool {
	if len(masked) != 2*csrfTextLen {
		return false
	}
	secret, ok := csrfSecret(session)
	if !ok {
		return false
	}
	var token [2 * csrfLen]byte
	n, err := csrfEncoding.Decode(token[:], []byte(masked))
	if err != nil || n != len(token) {
		return false
	}
	subtle.XORBytes(token[csrfLen:], token[csrfLen:], token[:csrfLen])
	return subtle.ConstantTimeCompare(token[csrfLen:], secret[:]) == 1
}

type csrfConfig struct {
	sessions *sessions
	origins  *origins // sites that may send forms with a token; nil: none
	fail     failFunc
}

// csrf refuses requests that change something and that another site made the
// browser send. Browsers say in Sec-Fetch-Site or Origin where a request comes
// from. One that says neither, but has a session's cookie, has to show the
// session's token; so has one from a site that Options.Origins lists.
// It belongs inside the session's layer.
func csrf(cfg csrfConfig) func(http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := cfg.check(cross, r); err != nil {
				cfg.fail.answer(w, r, err)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func (c *csrfConfig) check(cross *http.CrossOriginProtection, r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if err := cross.Check(r); err != nil {
		if c.origins.listed(r) && c.proven(r) {
			return nil
		}
		return forged(fmt.Errorf(
			"bennu: a page of another site (Origin %q, Sec-Fetch-Site %q) sent this %s to host %q; if that site is yours, add it to Options.Origins or BENNU_ORIGINS and send this App's CSRF token along",
			cut(r.Header.Get("Origin"), maxQuoted), cut(r.Header.Get("Sec-Fetch-Site"), maxQuoted), cut(r.Method, maxQuoted), cut(r.Host, maxQuoted)))
	}
	if r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" || !c.sessions.has(r) || c.proven(r) {
		return nil
	}
	return forged(errors.New(
		"bennu: this request does not say where it comes from and has no valid CSRF token; put bennu.CSRFToken(r) into a hidden field \"_csrf_token\" at the start of the form or into the header X-CSRF-Token, and load the page again if it is old"))
}

// forged is the refusal of a request that this App's pages did not send.
func forged(err error) error { return Status(http.StatusForbidden, &suspectError{err}) }

// proven reports that the request carries its session's token.
func (c *csrfConfig) proven(r *http.Request) bool {
	token := r.Header.Get(csrfHeader)
	if token == "" {
		token = peekFormField(r, csrfField)
	}
	if token == "" {
		return false
	}
	web := scopeOf(r.Context()).web()
	if web == nil {
		return false
	}
	session, err := web.open()
	return err == nil && verifyCSRF(session, token)
}
