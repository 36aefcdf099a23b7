package bennu

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"bennu/live"
)

// The tokens that a page carries for its views. Each kind has a purpose of its
// own, so that none can stand in for another.
const (
	purposeView   = "live view"
	purposeStatic = "live static"
	purposeReload = "live reload status"

	// viewTokenAge is how long an open page may come back with its tokens.
	viewTokenAge = 14 * 24 * time.Hour
	// reloadTokenAge is how long the browser keeps the cookie that carries one.
	reloadTokenAge = time.Minute
)

// viewToken is what the page's data-phx-session says, signed: which view the
// element is, and in which live session it may navigate.
type viewToken struct {
	ID      string `json:"i"`
	View    string `json:"v"`
	Session string `json:"s"`
}

// staticToken is data-phx-static, signed: what the dead render hands to the
// first join.
type staticToken struct {
	ID string `json:"i"`
}

// newViewID makes the id of a page's element: unguessable, and good as an id
// in CSS selectors.
func newViewID() string {
	var b [12]byte
	rand.Read(b[:])
	return "phx-" + base64.RawURLEncoding.EncodeToString(b[:])
}

// signJSON signs a value; the types above always encode.
func (a *App) signJSON(purpose string, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("bennu: token of %T: %v", v, err))
	}
	return a.keys.Sign(purpose, b)
}

func (a *App) verifyJSON(purpose, tok string, maxAge time.Duration, v any) error {
	b, err := a.keys.Verify(purpose, tok, maxAge)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
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
