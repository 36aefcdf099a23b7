package token

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
	"time"
)

// macKey makes and checks the HMACs of one key. Its working sets are pooled,
// since setting up an HMAC costs more than running it over a short token.
type macKey struct{ pool sync.Pool }

// signing is a working set: an HMAC with its key in place, and scratch.
type signing struct {
	mac       hash.Hash
	raw, text []byte
	digest    [sha256.Size]byte
}

// maxScratch is the capacity above which scratch is not kept.
const maxScratch = 8 << 10

func newMacKey(key []byte) *macKey {
	m := new(macKey)
	m.pool.New = func() any { return &signing{mac: hmac.New(sha256.New, key)} }
	return m
}

func (m *macKey) get() *signing { return m.pool.Get().(*signing) }

func (m *macKey) put(s *signing) {
	if cap(s.raw) > maxScratch || cap(s.text) > maxScratch {
		return
	}
	m.pool.Put(s)
}

// sum is the HMAC of b; it is overwritten by the next one.
func (s *signing) sum(b []byte) []byte {
	s.mac.Reset()
	s.mac.Write(b) // a hash never returns an error
	return s.mac.Sum(s.digest[:0])
}

// Sign makes a token that holds data, readable by anybody and changeable by
// nobody.
func (k *Keys) Sign(purpose string, data []byte) string {
	p := k.purpose(purpose)
	m := p.mac[0]
	s := m.get()
	defer m.put(s)
	s.text = encoding.AppendEncode(s.text[:0], s.sign(p, data))
	return string(s.text)
}

// AppendSign appends the token that [Keys.Sign] makes to dst.
func (k *Keys) AppendSign(dst []byte, purpose string, data []byte) []byte {
	p := k.purpose(purpose)
	m := p.mac[0]
	s := m.get()
	defer m.put(s)
	return encoding.AppendEncode(dst, s.sign(p, data))
}

// sign is a token before it becomes text; it is overwritten by the next one.
func (s *signing) sign(p *purposeKeys, data []byte) []byte {
	raw := append(s.raw[:0], formatSigned)
	raw = append(raw, p.tag[:]...)
	raw = appendTime(raw)
	raw = append(raw, data...)
	s.raw = append(raw, s.sum(raw)...)
	return s.raw
}

// Verify returns the data of a token that was signed for this purpose and is
// not older than maxAge. The error is one of [ErrInvalid], [ErrExpired],
// [ErrPurpose] and [ErrVersion].
func (k *Keys) Verify(purpose, tok string, maxAge time.Duration) ([]byte, error) {
	o, err := k.VerifyOpen(purpose, tok, maxAge)
	return o.Data, err
}

// VerifyOpen is [Keys.Verify] for those who replace tokens of some age or of a
// retired secret.
func (k *Keys) VerifyOpen(purpose, tok string, maxAge time.Duration) (Opened, error) {
	p := k.purpose(purpose)
	m := p.mac[0]
	s := m.get()
	defer m.put(s)

	s.text = append(s.text[:0], tok...)
	raw, err := encoding.AppendDecode(s.raw[:0], s.text)
	s.raw = raw
	if err != nil || !wholeText(tok, raw) {
		return Opened{}, ErrInvalid
	}
	if err := checkHead(raw, formatSigned, p.tag); err != nil {
		return Opened{}, err
	}
	n := len(raw) - sha256.Size
	if n < headLen+timeLen {
		return Opened{}, ErrInvalid
	}
	which := p.signer(s, raw[:n], raw[n:])
	if which < 0 {
		return Opened{}, ErrInvalid
	}
	made := readTime(raw[headLen:])
	if err := checkAge(made, maxAge); err != nil {
		return Opened{}, err
	}
	return Opened{Data: bytes.Clone(raw[headLen+timeLen : n]), Made: made, Retired: which > 0}, nil
}

// signer is the index of the key that made this HMAC, -1 if none did. The
// working set belongs to the first key.
func (p *purposeKeys) signer(first *signing, body, want []byte) int {
	if hmac.Equal(first.sum(body), want) {
		return 0
	}
	for i, m := range p.mac[1:] {
		s := m.get()
		ok := hmac.Equal(s.sum(body), want)
		m.put(s)
		if ok {
			return i + 1
		}
	}
	return -1
}
