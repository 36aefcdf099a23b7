package token

import (
	"encoding/base64"
	"errors"
	"math"
	"time"
)

// Why a token was not accepted.
var (
	// ErrInvalid: the text is no token, was edited, was made with a secret that
	// is not in the ring, or claims to come from the future.
	ErrInvalid = errors.New("token: not valid")
	// ErrExpired: the token is genuine and older than allowed.
	ErrExpired = errors.New("token: expired")
	// ErrPurpose: the token names another purpose than the one asked for.
	ErrPurpose = errors.New("token: made for another purpose")
	// ErrVersion: the token is of another format, say of a later release, or
	// signed where an encrypted one is wanted.
	ErrVersion = errors.New("token: of another format")
)

// Forever as the greatest age accepts a token however old it is. It stays good
// until its secret leaves the ring, so use it only for what can be revoked in
// another way.
const Forever time.Duration = math.MaxInt64

// The first byte of a token is its format. Both have the purpose's tag and a
// big-endian time in milliseconds:
//
//	signed:    format, tag[4], time[6], data, HMAC[32] over all before it
//	encrypted: format, tag[4], salt[12], nonce[12], GCM(time[6], data)[16 more]
const (
	formatSigned    = 1
	formatEncrypted = 2

	timeLen = 6
	headLen = 1 + tagLen
	// maxSkew is how far the clock of the server that made a token may be ahead.
	maxSkew = time.Minute
)

// encoding is strict about unused bits; with wholeText, one value has one text.
var encoding = base64.RawURLEncoding.Strict()

// wholeText reports that every byte of the text counted: package base64 skips
// line breaks.
func wholeText(tok string, raw []byte) bool {
	return encoding.EncodedLen(len(raw)) == len(tok)
}

// Opened is an accepted token.
type Opened struct {
	// Data is what was signed or encrypted; it is the caller's own.
	Data []byte
	// Made is when, to the millisecond.
	Made time.Time
	// Retired reports that the secret is a retired one: whoever can, should
	// replace the token by a new one.
	Retired bool
}

// appendTime appends the present time.
func appendTime(dst []byte) []byte {
	ms := uint64(time.Now().UnixMilli())
	return append(dst, byte(ms>>40), byte(ms>>32), byte(ms>>24), byte(ms>>16), byte(ms>>8), byte(ms))
}

// readTime is the inverse of appendTime.
func readTime(b []byte) time.Time {
	_ = b[timeLen-1]
	ms := uint64(b[0])<<40 | uint64(b[1])<<32 | uint64(b[2])<<24 | uint64(b[3])<<16 | uint64(b[4])<<8 | uint64(b[5])
	return time.UnixMilli(int64(ms))
}

// checkAge compares the wall clocks of two servers, or of one at two times; a
// negative maxAge accepts nothing.
func checkAge(made time.Time, maxAge time.Duration) error {
	age := time.Since(made)
	if age < -maxSkew {
		return ErrInvalid
	}
	if max(age, 0) > maxAge {
		return ErrExpired
	}
	return nil
}

// checkHead compares format and purpose of a decoded token, which are not
// secret. What it lets pass is still to be authenticated.
func checkHead(raw []byte, format byte, tag [tagLen]byte) error {
	if len(raw) == 0 {
		return ErrInvalid
	}
	if raw[0] != format {
		return ErrVersion
	}
	if len(raw) < headLen {
		return ErrInvalid
	}
	if [tagLen]byte(raw[1:headLen]) != tag {
		return ErrPurpose
	}
	return nil
}
