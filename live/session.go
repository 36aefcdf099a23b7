package live

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Session is what the server remembers of a browser between its requests: a
// few small values by name, in a signed cookie unless the App was given another
// store. The browser's user can read a signed cookie but not change it; put
// ids there, not secrets.
//
// It changes while an HTTP request is served, before the response's header is
// written, from the goroutine that serves it. A view behind a socket finds the
// session as it was when the socket opened and can only read it: no response is
// there to carry a cookie. To change it from a view, send the browser to a
// plain handler. There Put returns an error, and Delete, Clear and Renew panic.
//
// Names that begin with '_' belong to the framework. A nil Session is an empty
// one that cannot be changed; the zero Session is empty and takes values.
type Session struct {
	// data has the values as they are stored: for each value the length of its
	// name, the name, the length of its JSON text and the text, lengths as
	// uvarints. It is small and read a few times in a request, and so kept in
	// no other form; a session that waits behind a socket is this string.
	data  string
	state sessionState
}

type sessionState uint8

const (
	sessionChanged  sessionState = 1 << iota
	sessionRenewed               // the stored one is to be given up
	sessionAnswered              // frozen, the header is written
	sessionOnSocket              // frozen, behind a socket
)

// NewSession makes a Session of what [Session.Encoded] returned. The App does
// so for each request; an error means that the text is of another making.
func NewSession(encoded string) (*Session, error) {
	for rest := encoded; rest != ""; {
		var ok bool
		var text string
		if _, text, rest, ok = nextValue(rest); !ok || !json.Valid([]byte(text)) {
			return nil, errors.New("live: the stored session is not in the form in which sessions are stored")
		}
	}
	return &Session{data: encoded}, nil
}

// Get is the value of that name as text: a string as it is, any other value as
// its JSON text, "" when there is none.
func (s *Session) Get(name string) string {
	text, ok := s.lookup(name)
	if !ok || text == "" || text[0] != '"' {
		return text
	}
	if !strings.Contains(text, `\`) {
		return text[1 : len(text)-1]
	}
	var v string
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text // not reached: the text was valid JSON when it was stored
	}
	return v
}

// Decode reads the value of that name into dst, a pointer, as package
// encoding/json does. It reports false, and leaves dst alone, when there is none.
func (s *Session) Decode(name string, dst any) (bool, error) {
	text, ok := s.lookup(name)
	if !ok {
		return false, nil
	}
	if err := json.Unmarshal([]byte(text), dst); err != nil {
		return true, fmt.Errorf("live: session value %q: %w", name, err)
	}
	return true, nil
}

// Put stores a value under a name, in the place of any former one. The value
// becomes JSON at once; later changes to it are not seen. The error is that of
// [encoding/json.Marshal], or says why this session cannot change.
func (s *Session) Put(name string, value any) error {
	if err := s.changeable(); err != nil {
		return err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("live: session value %q: %w", name, err)
	}
	before, old, after, found := s.find(name)
	if found && old == string(text) {
		return nil
	}
	entry := make([]byte, 0, len(s.data)+len(name)+len(text)+2*binary.MaxVarintLen32)
	entry = append(entry, before...)
	entry = binary.AppendUvarint(entry, uint64(len(name)))
	entry = append(entry, name...)
	entry = binary.AppendUvarint(entry, uint64(len(text)))
	entry = append(entry, text...)
	entry = append(entry, after...)
	s.data = string(entry)
	s.state |= sessionChanged
	return nil
}

// Delete removes the value of that name, if there is one. It panics where the
// session cannot change.
func (s *Session) Delete(name string) {
	s.mustChange()
	before, _, after, found := s.find(name)
	if !found {
		return
	}
	s.data = before + after
	s.state |= sessionChanged
}

// Clear removes all values. It panics where the session cannot change.
func (s *Session) Clear() {
	s.mustChange()
	if s.data == "" {
		return
	}
	s.data = ""
	s.state |= sessionChanged
}

// Renew gives the session up and begins an empty one. Call it first when a user
// logs in or out: what somebody planted in the browser before, and the CSRF
// tokens of pages drawn before, are good no longer. It panics where the session
// cannot change.
func (s *Session) Renew() {
	s.mustChange()
	s.data = ""
	s.state |= sessionChanged | sessionRenewed
}

// Encoded is the session as stores keep it, "" for an empty one.
func (s *Session) Encoded() string {
	if s == nil {
		return ""
	}
	return s.data
}

// Changed reports that the session differs from what is stored, and renewed
// that the stored one is to be given up. Stores ask it.
func (s *Session) Changed() (changed, renewed bool) {
	if s == nil {
		return false, false
	}
	return s.state&sessionChanged != 0, s.state&sessionRenewed != 0
}

// Seal ends the time in which the session changes, because the header of the
// response is written. The App calls it.
func (s *Session) Seal() { s.state |= sessionAnswered }

// ReadOnly is the session as views behind a socket see it: the same values,
// read by any number of goroutines, never changed.
func (s *Session) ReadOnly() *Session {
	if s == nil {
		return nil
	}
	return &Session{data: s.data, state: sessionOnSocket}
}

// String hides the values, which belong in no log.
func (s *Session) String() string { return "session" }

// LogValue hides the values, which belong in no log.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// changeable says why the session cannot change, if so.
func (s *Session) changeable() error {
	switch {
	case s == nil:
		return errors.New("live: there is no session here to change; a session changes in an HTTP request that the App serves")
	case s.state&sessionOnSocket != 0:
		return errors.New("live: a session changes in an HTTP request, and this view is connected by a socket, which can not set a cookie; send the browser to a plain handler that changes it, or change it in Mount while Connected is false")
	case s.state&sessionAnswered != 0:
		return errors.New("live: the response's header is already written, so the session can no longer change; change it before the first byte of the body")
	}
	return nil
}

func (s *Session) mustChange() {
	if err := s.changeable(); err != nil {
		panic(err)
	}
}

func (s *Session) lookup(name string) (text string, ok bool) {
	if s == nil {
		return "", false
	}
	_, text, _, ok = s.find(name)
	return text, ok
}

// find splits the data around the entry of that name; without one, all of it
// stands before.
func (s *Session) find(name string) (before, text, after string, found bool) {
	for rest := s.data; rest != ""; {
		n, t, tail, ok := nextValue(rest)
		if !ok {
			break // not reached: the data is checked when it comes in
		}
		if n == name {
			return s.data[:len(s.data)-len(rest)], t, tail, true
		}
		rest = tail
	}
	return s.data, "", "", false
}

// nextValue splits the first entry from data.
func nextValue(data string) (name, text, rest string, ok bool) {
	name, rest, ok = nextString(data)
	if !ok {
		return "", "", "", false
	}
	text, rest, ok = nextString(rest)
	return name, text, rest, ok
}

// nextString splits a string and its length from data.
func nextString(data string) (s, rest string, ok bool) {
	var n uint64
	for i := range min(len(data), binary.MaxVarintLen32) {
		n |= uint64(data[i]&0x7f) << (7 * i)
		if data[i] < 0x80 {
			data = data[i+1:]
			if n > uint64(len(data)) {
				return "", "", false
			}
			return data[:n], data[n:], true
		}
	}
	return "", "", false
}
