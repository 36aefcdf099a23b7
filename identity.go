package bennu

import (
	"errors"
	"net/http"
)

// identityKey is the session's name for whose sockets it opens.
const identityKey = "_identity"

// SetIdentity says whose browser this is, such as "users:7", so that
// [App.Disconnect] can reach all open pages of that user. A handler calls it
// when the user logs in, after Renew; [live.Session.Clear] and Renew take it
// back. The identity is in the session and not secret.
func SetIdentity(r *http.Request, identity string) error {
	if identity == "" {
		return errors.New("bennu: SetIdentity with an empty identity; use one that names the user, such as \"users:7\"")
	}
	return Session(r).Put(identityKey, identity)
}

// Identity is what [SetIdentity] has said of the request's session, "" for
// nothing.
func Identity(r *http.Request) string { return Session(r).Get(identityKey) }

// Disconnect ends all views of an identity and closes their sockets, when a user
// logs out everywhere, is locked out, or loses a role. It returns how many
// sockets there were, and no event that has not begun is handled after it. The
// browsers connect again at once, with the cookies they have by then: a mount
// hook then decides anew who may come in, and what must be good no longer has to
// be taken back before Disconnect is called. It may be called from any goroutine.
//
// It reaches the sockets of this process.
func (a *App) Disconnect(identity string) int {
	if identity == "" {
		return 0 // that is everybody who is nobody
	}
	return a.sockets.Disconnect(identity)
}
