package bennu

import (
	"errors"
	"log/slog"
	"net/http"

	"bennu/pubsub"
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
// sockets this process had, and no event that has not begun there is handled
// after it. The other servers of the app are told by way of [Options.PubSub]. It
// may be called from any goroutine.
//
// The browsers connect again at once, with the cookies they have by then, and
// their views mount anew. So what must be good no longer has to be taken back
// before Disconnect is called, and a mount hook ([OnMount]) has to ask for it. A
// session of a [SessionStore] is gone when it is deleted there. A signed cookie
// stays good until it is too old, in a copy of it too: the hook must look up
// something that the server can take back, such as a row for each login whose id
// is in the session, or a number in the user's row that each log-out raises.
func (a *App) Disconnect(identity string) int {
	if identity == "" {
		return 0 // that is everybody who is nobody
	}
	n := a.sockets.Disconnect(identity)
	if err := a.disconnects.BroadcastFrom(a.told, disconnect{identity}); err != nil {
		a.log.Error("the other servers were not told of a disconnect; pages that are open there stay so", slog.Any("err", err))
	}
	return n
}

// disconnectTopic is where the servers of an app tell each other of Disconnect.
const disconnectTopic = "bennu:disconnect"

// disconnect is what they say.
type disconnect struct{ Identity string }

// hearDisconnects lets this App do what Disconnect says elsewhere.
func (a *App) hearDisconnects(hub *pubsub.Hub) (err error) {
	a.disconnects = pubsub.NewTopic[disconnect](hub, disconnectTopic)
	a.told, err = a.disconnects.Subscribe(func(d disconnect) {
		if d.Identity != "" {
			a.sockets.Disconnect(d.Identity)
		}
	})
	return err
}
