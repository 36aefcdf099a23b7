package system

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"

	"bennu"
	"bennu/examples/showcase/web/paths"
	"bennu/live"
)

// Operators are those who may see the page: whoever has a key, and in development
// everybody, who can only be on this machine. Without keys nobody may in production.
//
// Enter is to be a mount hook of the page's route: it asks in the dead render and
// again when the socket joins, so that there is no way around it. An event
// reaches a view that has mounted and no other.
type Operators struct {
	dev  bool
	keys [][sha256.Size]byte // their hashes: comparing takes the same time for all
}

// shortest is what a key has at least, so that nobody guesses it.
const shortest = 16

// CheckKey says what is wrong with a key.
func CheckKey(key string) error {
	if len(key) < shortest {
		return fmt.Errorf("the key for /system has %d bytes, want %d at least: anybody may try some", len(key), shortest)
	}
	return nil
}

// NewOperators takes keys that are good ones; more than one while they change.
func NewOperators(dev bool, keys ...string) *Operators {
	o := &Operators{dev: dev}
	for _, key := range keys {
		if err := CheckKey(key); err != nil {
			panic("system: " + err.Error())
		}
		o.keys = append(o.keys, sha256.Sum256([]byte(key)))
	}
	return o
}

// mark is what a session has of an operator.
const mark = "operator"

// Enter lets operators in, and shows others the way.
func (o *Operators) Enter(s *live.Socket, _ live.Params) error {
	if !o.dev && !o.known(s.Session().Get(mark)) {
		s.Redirect(paths.SystemKey())
	}
	return nil
}

// known reports that a session has the mark of a key that is still good.
func (o *Operators) known(has string) bool {
	return slices.ContainsFunc(o.keys, func(key [sha256.Size]byte) bool { return has == sign(key) })
}

// sign is the mark of those who came by that key. It is in a cookie that can be
// read and not be changed, and tells nothing of the key.
func sign(key [sha256.Size]byte) string {
	sum := sha256.Sum256(append([]byte("operator:"), key[:]...))
	return hex.EncodeToString(sum[:8])
}

// Ask is the page that asks for the key.
func (o *Operators) Ask(app *bennu.App) bennu.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return app.Page(w, r, http.StatusOK, "System · Bennu", ask(bennu.CSRFToken(r), len(o.keys) > 0, false))
	}
}

// Check takes the key.
func (o *Operators) Check(app *bennu.App) bennu.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		given := sha256.Sum256([]byte(r.PostFormValue("key")))
		i := slices.IndexFunc(o.keys, func(key [sha256.Size]byte) bool { return subtle.ConstantTimeCompare(given[:], key[:]) == 1 })
		if i < 0 {
			return app.Page(w, r, http.StatusForbidden, "System · Bennu", ask(bennu.CSRFToken(r), len(o.keys) > 0, true))
		}
		session := bennu.Session(r)
		session.Renew() // what was known of the browser before is worth nothing
		if err := session.Put(mark, sign(o.keys[i])); err != nil {
			return err
		}
		http.Redirect(w, r, paths.System(), http.StatusSeeOther)
		return nil
	}
}
