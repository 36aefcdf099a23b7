package bennu

import (
	"context"
	"time"

	"bennu/token"
)

// SessionStore keeps sessions between requests. The default keeps the whole
// session in a signed cookie, which the server can not take back: who copied it
// before a logout can use it until it is 30 days old. A store of one's own keeps
// sessions in a database and only an unguessable id in the cookie. It is used by
// many goroutines at once.
//
// A session is opaque text. An error from a store is a failure of the store: it
// is logged and the request is answered by an error page.
type SessionStore interface {
	// Load returns the session for the value of a cookie, which comes from
	// outside, and "" for a value that it does not know or no longer accepts.
	// With refresh the session is saved again though it did not change.
	Load(ctx context.Context, value string) (session string, refresh bool, err error)
	// Save keeps a session and returns the value of its cookie, made of
	// characters that need no quoting. The former value is "" for a new one.
	Save(ctx context.Context, former, session string) (value string, err error)
	// Delete forgets the session of a value; an unknown one is no error.
	Delete(ctx context.Context, value string) error
}

const (
	purposeSession = "bennu session"
	// sessionAge is how long a browser may stay away and find its session.
	sessionAge = 30 * 24 * time.Hour
	// sessionRefresh is the age at which a session in use is signed anew, so
	// that it expires by disuse and not in the midst of work.
	sessionRefresh = 24 * time.Hour
)

// cookieStore keeps the session in the cookie itself, signed.
type cookieStore struct{ keys *token.Keys }

func (c cookieStore) Load(_ context.Context, value string) (string, bool, error) {
	o, err := c.keys.VerifyOpen(purposeSession, value, sessionAge)
	if err != nil {
		return "", false, nil // edited, expired or of a secret that is gone: no session
	}
	return string(o.Data), o.Retired || time.Since(o.Made) > sessionRefresh, nil
}

func (c cookieStore) Save(_ context.Context, _, session string) (string, error) {
	return c.keys.Sign(purposeSession, []byte(session)), nil
}

func (c cookieStore) Delete(context.Context, string) error { return nil }
