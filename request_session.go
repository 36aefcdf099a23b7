package bennu

import (
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

	flash flashState
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
		if s.saved {
			s.found.session.Seal()
		}
	})
	return s.found.session, s.err
}

// save runs before the header goes out; only its first call counts.
func (s *requestSession) save(h http.Header) {
	if s.saved {
		return
	}
	s.seal()
	if _, found := cookieFlash(s.sessions.keys, s.request); found {
		forgetFlashCookie(h)
	}
	if s.err != nil || s.found.session == nil {
		return // it is not known, or nobody asked for it
	}
	s.sessions.save(h, s.request, s.found)
}

// seal ends the time in which the session changes.
func (s *requestSession) seal() {
	s.saved = true
	if s.found.session != nil {
		s.found.session.Seal()
	}
}
