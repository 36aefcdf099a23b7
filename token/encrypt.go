package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"time"
)

const (
	saltLen  = 12
	nonceLen = 12
	gcmLen   = 16
)

// Encrypt makes a token that holds data, readable and changeable by nobody
// without the secret. The length of the data shows.
func (k *Keys) Encrypt(purpose string, data []byte) string {
	p := k.purpose(purpose)
	raw := make([]byte, headLen+saltLen+nonceLen, headLen+saltLen+nonceLen+timeLen+len(data)+gcmLen)
	raw[0] = formatEncrypted
	copy(raw[1:], p.tag[:])
	rand.Read(raw[headLen:]) // never fails: the runtime ends the program first
	salt, nonce := raw[headLen:headLen+saltLen], raw[headLen+saltLen:]

	plain := appendTime(make([]byte, 0, timeLen+len(data)))
	plain = append(plain, data...)
	raw = messageCipher(p.seal[0], salt).Seal(raw, nonce, plain, raw[:headLen])
	return encoding.EncodeToString(raw)
}

// Decrypt returns the data of a token that was encrypted for this purpose and
// is not older than maxAge. The errors are those of [Keys.Verify].
func (k *Keys) Decrypt(purpose, tok string, maxAge time.Duration) ([]byte, error) {
	o, err := k.DecryptOpen(purpose, tok, maxAge)
	return o.Data, err
}

// DecryptOpen is [Keys.Decrypt] for those who replace tokens of some age or of
// a retired secret.
func (k *Keys) DecryptOpen(purpose, tok string, maxAge time.Duration) (Opened, error) {
	p := k.purpose(purpose)
	raw, err := encoding.DecodeString(tok)
	if err != nil || !wholeText(tok, raw) {
		return Opened{}, ErrInvalid
	}
	if err := checkHead(raw, formatEncrypted, p.tag); err != nil {
		return Opened{}, err
	}
	if len(raw) < headLen+saltLen+nonceLen+timeLen+gcmLen {
		return Opened{}, ErrInvalid
	}
	head, rest := raw[:headLen], raw[headLen:]
	salt, nonce, sealed := rest[:saltLen], rest[saltLen:saltLen+nonceLen], rest[saltLen+nonceLen:]
	for i, key := range p.seal {
		plain, err := messageCipher(key, salt).Open(nil, nonce, sealed, head)
		if err != nil {
			continue
		}
		made := readTime(plain)
		if err := checkAge(made, maxAge); err != nil {
			return Opened{}, err
		}
		return Opened{Data: plain[timeLen:], Made: made, Retired: i > 0}, nil
	}
	return Opened{}, ErrInvalid
}

// messageCipher is the cipher of one token. GCM's random nonces are safe for
// some 2^32 messages under one key, which a busy site reaches; a key for each
// salt puts the limit out of reach.
func messageCipher(key, salt []byte) cipher.AEAD {
	mac := hmac.New(sha256.New, key)
	mac.Write(salt) // a hash never returns an error
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // only for a key of the wrong length, and ours is constant
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only for a block size other than AES's
	}
	return aead
}
