package bennu

import (
	"log/slog"
	"maps"
	"net/http"
	"sync"

	"bennu/live"
)

// requestSession is the session of one request, from the cookie that it is read
// from to the one that it is saved in.
type requestSession struct {
	sessions *sessions
	request  *http.Request

	load  sync.Once
	found foundSession // of load
	err   error        // of load: the store failed
	saved bool         // the header is written

	sent    map[string]string // the messages that the flash cookie brings to the session
	flashed bool              // the handler has asked for messages
	flash   map[string]string // what it was given
}

// open is the request's session, loaded at the first call.
func (s *requestSession) open() (*live.Session, error) {
	s.load.Do(func() {
		s.found, s.err = s.sessions.find(s.request)
		if s.err != nil {
			s.err = Status(http.StatusServiceUnavailable, s.err)
			return
		}
		if s.found.session == nil {
			s.found.session = new(live.Session)
		}
		if hasFlashCookie(s.request) { // read now: a login makes another session of it
			s.sent = cookieFlash(s.sessions.keys, s.found.session, s.request)
		}
		if s.saved {
			s.found.session.Seal()
		}
	})
	return s.found.session, s.err
}

// save runs before the header goes out; only its first call counts.
func (s *requestSession) save(h http.Header, status int) {
	if s.saved {
		return
	}
	if hasFlashCookie(s.request) {
		forgetFlashCookie(h)
		if status >= 300 && status < 400 {
			s.passFlashOn()
		}
	}
	s.seal()
	if s.err != nil || s.found.session == nil {
		return // it is not known, or nobody asked for it
	}
	s.sessions.save(h, s.request, s.found)
}

// passFlashOn keeps what the flash cookie brings for the page that a redirect
// leads to, unless the handler has asked for it.
func (s *requestSession) passFlashOn() {
	session, err := s.open()
	if err != nil || s.flashed || len(s.sent) == 0 {
		return
	}
	waiting := maps.Clone(s.sent)
	var put map[string]string
	if _, err := session.Decode(flashKey, &put); err == nil {
		maps.Copy(waiting, put) // what this request has put is the later message
	}
	if err := session.Put(flashKey, waiting); err != nil {
		s.sessions.log.LogAttrs(s.request.Context(), slog.LevelWarn, "flash not kept", slog.Any("err", err))
	}
}

// seal ends the time in which the session changes.
func (s *requestSession) seal() {
	s.saved = true
	if s.found.session != nil {
		s.found.session.Seal()
	}
}
