package transport

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// A pollID names a long poll of this process.
type pollID [16]byte

func newPollID() (id pollID) {
	rand.Read(id[:]) // never fails: the runtime ends the program first
	return id
}

// pollEncoding is safe in a query.
var pollEncoding = base64.RawURLEncoding.Strict()

// pollToken is what the client shows with each request: the id and a signature
// over it and the browser that it was given to. The key is this process's own,
// so a token is worth nothing for another browser, on another server, or after
// a restart; it needs no age because the long poll has one.
func (s *Server) pollToken(id pollID, owner string) string {
	mac := s.pollMAC(id, owner)
	return pollEncoding.EncodeToString(append(id[:], mac...))
}

// verifyPoll is the id in a token of that browser.
func (s *Server) verifyPoll(token, owner string) (id pollID, ok bool) {
	var raw [2 * len(id)]byte
	if len(token) != pollEncoding.EncodedLen(len(raw)) {
		return id, false
	}
	if _, err := pollEncoding.Decode(raw[:], []byte(token)); err != nil {
		return id, false
	}
	copy(id[:], raw[:])
	return id, hmac.Equal(raw[len(id):], s.pollMAC(id, owner))
}

func (s *Server) pollMAC(id pollID, owner string) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write(id[:]) // a hash never returns an error
	mac.Write([]byte(owner))
	return mac.Sum(nil)[:len(id)]
}
