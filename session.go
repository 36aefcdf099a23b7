package bennu

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"bennu/live"
	"bennu/token"
)

const (
	defaultCookieName = "_bennu_session"
	// maxCookie is the length up to which all browsers keep a cookie.
	maxCookie = 4096
	// maxSessionCookies bounds how many cookies of our name are tried: another
	// host of the same domain can set more of them.
	maxSessionCookies = 4
)

// Session is the session of the browser that made the request. It is read from
// its store when first asked for, and saved, if it changed, right before the
// response's header is written. It is nil, which reads as an empty session and
// cannot change, for a request that no App serves.
//
// Session panics with an error of status 503 when the store fails.
func Session(r *http.Request) *live.Session {
	if web := scopeOf(r.Context()).web(); web != nil {
		session, err := web.open()
		if err != nil {
			panic(err)
		}
		return session
	}
	return nil
}

type sessionConfig struct {
	keys  *token.Keys
	store SessionStore             // nil: a signed cookie
	name  string                   // "": defaultCookieName
	path  string                   // "": "/"
	https func(*http.Request) bool // nil: the connection itself has TLS
	dev   bool                     // a session that is too large is an error page
	log   *slog.Logger             // nil: the default logger
}

// sessions reads and writes the sessions of one App.
type sessions struct {
	sessionConfig
	overHTTP, overHTTPS string // the cookie's attributes, with the separator before them
}

func newSessions(cfg sessionConfig) *sessions {
	if cfg.store == nil {
		cfg.store = cookieStore{cfg.keys}
	}
	if cfg.name == "" {
		cfg.name = defaultCookieName
	}
	// "/admin" is for /admin and all below it, "/admin/" would not be for /admin.
	if cfg.path = strings.TrimRight(cfg.path, "/"); cfg.path == "" {
		cfg.path = "/"
	}
	if cfg.https == nil {
		cfg.https = func(r *http.Request) bool { return r.TLS != nil }
	}
	if cfg.log == nil {
		cfg.log = slog.Default()
	}
	s := &sessions{sessionConfig: cfg}
	s.overHTTP, s.overHTTPS = s.attributes(false), s.attributes(true)
	return s
}

// middleware is the layer in which [Session] works. It belongs inside requestID.
func (s *sessions) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc := scopeOf(r.Context())
		sc.session = requestSession{sessions: s, request: r}
		sc.response.session = &sc.session
		answered := false
		defer func() {
			if !answered {
				sc.response.session = nil // the error page is written outside, where nothing is saved
			}
		}()
		next.ServeHTTP(w, r)
		sc.session.save(w.Header(), http.StatusOK) // for a response without a body
		answered = true
	})
}

// load is the session of a request outside the middleware, nil when the
// request has none that is valid.
func (s *sessions) load(r *http.Request) *live.Session {
	found, err := s.find(r)
	if err != nil {
		s.log.ErrorContext(r.Context(), "session not loaded", slog.Any("err", err))
		return nil
	}
	return found.session
}

// foundSession is what the cookies of a request say.
type foundSession struct {
	session   *live.Session // nil: none that is valid
	value     string        // of that session's cookie
	refresh   bool          // its store asks for it again
	presented bool          // there was a cookie, valid or not
}

func (s *sessions) find(r *http.Request) (foundSession, error) {
	var found foundSession
	tried := 0
	for value := range cookies(r, s.name) {
		found.presented = true
		if tried++; tried > maxSessionCookies {
			break
		}
		if value == "" || len(value) > maxCookie {
			continue
		}
		encoded, refresh, err := s.store.Load(r.Context(), value)
		if err != nil {
			return found, fmt.Errorf("bennu: session store: load: %w", err)
		}
		if encoded == "" {
			continue
		}
		session, err := live.NewSession(encoded)
		if err != nil {
			continue // stored by something else: no session
		}
		return foundSession{session, value, refresh, true}, nil
	}
	return found, nil
}

// has reports that the request came with a cookie of our name, valid or not.
func (s *sessions) has(r *http.Request) bool {
	for range cookies(r, s.name) {
		return true
	}
	return false
}

// errSessionTooLarge is a session that browsers would drop or cut.
var errSessionTooLarge = errors.New("bennu: the session is too large for a cookie")

// write puts the cookie of a changed session into a header that is about to go
// out. Only errSessionTooLarge leaves the response usable.
func (s *sessions) write(h http.Header, r *http.Request, found foundSession) error {
	ctx, encoded := r.Context(), found.session.Encoded()
	_, renewed := found.session.Changed()
	if found.value != "" && (renewed || encoded == "") {
		if err := s.store.Delete(ctx, found.value); err != nil {
			return fmt.Errorf("bennu: session store: delete: %w", err)
		}
		found.value = ""
	}
	value := ""
	if encoded != "" {
		var err error
		if value, err = s.store.Save(ctx, found.value, encoded); err != nil {
			return fmt.Errorf("bennu: session store: save: %w", err)
		}
		if value == "" {
			return errors.New("bennu: SessionStore.Save returned no value for the cookie")
		}
	}
	line, err := s.cookieLine(value, s.https(r))
	if err != nil {
		return err
	}
	if _, others := h["Set-Cookie"]; others {
		h.Add("Set-Cookie", line)
	} else {
		scopeOf(ctx).set(h, "Set-Cookie", line)
	}
	if len(h["Cache-Control"]) == 0 {
		h.Set("Cache-Control", "private, no-cache") // no shared cache may hand out the cookie
	}
	return nil
}

// attributes are what the cookie says of itself.
func (s *sessions) attributes(https bool) string {
	return strings.TrimPrefix((&http.Cookie{
		Name: s.name, Path: s.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: https,
	}).String(), s.name+"=")
}

// cookieLine is the header that sets the cookie; without a value it takes the
// cookie back.
func (s *sessions) cookieLine(value string, https bool) (string, error) {
	attributes := s.overHTTP
	if https {
		attributes = s.overHTTPS
	}
	if value == "" {
		attributes = "; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0" + attributes
	}
	if !validCookieValue(value) || strings.ContainsAny(value, " ,") {
		return "", errors.New("bennu: session cookie: its value has characters that need quoting; the values of a SessionStore hold letters, digits, '-', '_' and '.'")
	}
	line := s.name + "=" + value + attributes
	if len(line) > maxCookie {
		return "", fmt.Errorf("%w: it takes %d bytes, browsers keep %d; keep large values on the server and only their id in the session, or set Options.SessionStore",
			errSessionTooLarge, len(line), maxCookie)
	}
	return line, nil
}

// save saves what needs it. It panics when the store fails, so that the request
// ends in an error page and not in a page that claims what was not kept.
func (s *sessions) save(h http.Header, r *http.Request, found foundSession) {
	changed, _ := found.session.Changed()
	if found.session.Encoded() == "" {
		changed = found.presented // nothing to keep, but a cookie to take back
	}
	if !changed && !found.refresh {
		return
	}
	err := s.write(h, r, found)
	if err == nil {
		return
	}
	if errors.Is(err, errSessionTooLarge) && !s.dev {
		s.log.LogAttrs(r.Context(), slog.LevelError, "session not saved",
			slog.Any("err", err), slog.String("request_id", RequestID(r)))
		return
	}
	panic(err)
}
