package bennu

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"bennu/internal/wire"
	"bennu/live"
)

// The tokens that a page carries for its views. Each kind has a purpose of its
// own, so that none can stand in for another.
const (
	purposeView   = "live view"
	purposeStatic = "live static"
	purposeFlash  = "live flash"
	purposeChild  = "live child"

	// viewTokenAge is how long an open page may come back with its tokens.
	viewTokenAge = 14 * 24 * time.Hour
	// flashTokenAge is how long messages travel to the next page.
	flashTokenAge = time.Minute
)

// viewToken is what the page's data-phx-session says, signed: which view the
// element is, in which live session it may navigate, and whose browser it was
// drawn for. A page that was saved, or that another user got hold of, joins
// nothing.
type viewToken struct {
	ID      string `json:"i"`
	Owner   string `json:"o"`
	View    string `json:"v"`
	Session string `json:"s"`
}

// read reads the token's text. It comes with every join, and so is not left to
// package json.
func (t *viewToken) read(text []byte) error {
	*t = viewToken{}
	return wire.Object(text, func(key, value []byte) error {
		switch string(key) {
		case "i":
			return readString(&t.ID, value)
		case "o":
			return readString(&t.Owner, value)
		case "v":
			return readString(&t.View, value)
		case "s":
			return readString(&t.Session, value)
		}
		return nil
	})
}

func readString(into *string, value []byte) error {
	text, ok := wire.String(value)
	if !ok {
		return fmt.Errorf("bennu: a token has %.40q where a string is wanted", value)
	}
	*into = text
	return nil
}

// staticToken is data-phx-static, signed: what the dead render hands to the
// first join.
type staticToken struct {
	ID    string            `json:"i"`
	Flash map[string]string `json:"f,omitempty"`
}

// read reads the token's text. Most say nothing but their id.
func (t *staticToken) read(text []byte) error {
	*t = staticToken{}
	return wire.Object(text, func(key, value []byte) error {
		switch string(key) {
		case "i":
			return readString(&t.ID, value)
		case "f":
			return json.Unmarshal(value, &t.Flash)
		}
		return nil
	})
}

// tokenStart begins the JSON of both: the id comes first and needs no escaping.
const tokenStart = `{"i":"`

// viewClaim is the JSON of a route's view tokens behind the id, which is the
// same in all of them.
func viewClaim(rt *liveRoute) (string, error) {
	b, err := json.Marshal(viewToken{View: rt.name, Session: rt.liveSession})
	_, claim, _ := strings.Cut(string(b), `","o":"`)
	return claim, err
}

// appendViewToken appends a page's token for its view.
func (a *App) appendViewToken(dst []byte, rt *liveRoute, id, owner string) []byte {
	var room [192]byte
	text := append(append(room[:0], tokenStart...), id...)
	text = append(append(append(text, `","o":"`...), owner...), rt.claim...)
	return a.keys.AppendSign(dst, purposeView, text)
}

// ownerOf is a mark of the browser's session that tells nothing of it. It stays
// while the session's values change, and is another one for another browser and
// after a login, since it is made of the session's CSRF secret.
func ownerOf(session *live.Session) string {
	sum := sha256.Sum256([]byte("owner of a page\x00" + session.Get(csrfKey)))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// appendStaticToken appends what a page's first join brings back.
func (a *App) appendStaticToken(dst []byte, id string, flash map[string]string) []byte {
	if len(flash) > 0 {
		text, _ := json.Marshal(staticToken{id, flash}) // a map of strings has a JSON text
		return a.keys.AppendSign(dst, purposeStatic, text)
	}
	var room [40]byte
	text := append(append(append(room[:0], tokenStart...), id...), `"}`...)
	return a.keys.AppendSign(dst, purposeStatic, text)
}

func (a *App) verify(purpose, tok string, maxAge time.Duration, read func(text []byte) error) error {
	text, err := a.keys.Verify(purpose, tok, maxAge)
	if err != nil {
		return err
	}
	return read(text)
}

func (a *App) verifyJSON(purpose, tok string, maxAge time.Duration, v any) error {
	return a.verify(purpose, tok, maxAge, func(text []byte) error { return json.Unmarshal(text, v) })
}

// stale is the refusal that makes the browser load the page anew.
func stale(format string, args ...any) error {
	return &live.JoinError{Why: "stale", Detail: fmt.Sprintf(format, args...)}
}

// unauthorized is the refusal of a page that this token may not reach by the
// socket; the browser then asks for it by HTTP.
func unauthorized(format string, args ...any) error {
	return &live.JoinError{Why: "unauthorized", Detail: fmt.Sprintf(format, args...)}
}
