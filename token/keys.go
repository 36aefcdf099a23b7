package token

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
	"sync/atomic"
)

const (
	// minSecret is the least number of bytes in a secret.
	minSecret = 64
	// minDistinct is the least number of different bytes in a secret: random ones
	// have more, in any way of writing them, and words typed over and over fewer.
	minDistinct = 8
	// maxCached bounds the purposes whose keys are kept. Purposes are constants
	// of a program; one that makes them up pays with derivations, not with memory.
	maxCached = 256
	// tagLen is the length of the digest by which a token names its purpose.
	tagLen = 4
)

// Keys makes and checks tokens. It is safe for use by many goroutines.
type Keys struct {
	secrets []string // the first makes tokens, all check them

	purposes sync.Map // string -> *purposeKeys
	cached   atomic.Int32
}

// purposeKeys are the derived keys of one purpose, in the order of the secrets.
type purposeKeys struct {
	tag  [tagLen]byte
	mac  []*macKey
	seal [][]byte
}

// New makes a key ring of a secret and of retired ones that are still accepted.
// Each has at least 64 bytes, and is refused when they are obviously not random.
func New(secret string, retired ...string) (*Keys, error) {
	k := &Keys{secrets: append([]string{secret}, retired...)}
	for i, s := range k.secrets {
		which := "the secret"
		if i > 0 {
			which = fmt.Sprintf("retired secret %d", i)
		}
		if len(s) < minSecret {
			return nil, fmt.Errorf("token: %s has %d bytes, want at least %d; make one with `bennu gen secret`", which, len(s), minSecret)
		}
		if n := distinct(s); n < minDistinct {
			return nil, fmt.Errorf("token: %s has only %d different characters, so it can be guessed; make one with `bennu gen secret`", which, n)
		}
	}
	return k, nil
}

// distinct counts the different bytes of a text.
func distinct(s string) int {
	var seen [256]bool
	n := 0
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			n++
		}
	}
	return n
}

// NewSecret makes a secret for [New] out of 64 random bytes.
func NewSecret() string {
	var b [64]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// purpose are the keys of a purpose, derived at its first use.
func (k *Keys) purpose(name string) *purposeKeys {
	if p, ok := k.purposes.Load(name); ok {
		return p.(*purposeKeys)
	}
	p := k.derive(name)
	if k.cached.Load() >= maxCached {
		return p
	}
	kept, loaded := k.purposes.LoadOrStore(name, p)
	if !loaded {
		k.cached.Add(1)
	}
	return kept.(*purposeKeys)
}

func (k *Keys) derive(name string) *purposeKeys {
	p := new(purposeKeys)
	digest := sha256.Sum256([]byte(name))
	copy(p.tag[:], digest[:])
	for _, s := range k.secrets {
		p.mac = append(p.mac, newMacKey(expand(s, "bennu token sign 1 "+name)))
		p.seal = append(p.seal, expand(s, "bennu token encrypt 1 "+name))
	}
	return p
}

func expand(secret, info string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, info, sha256.Size)
	if err != nil {
		panic(err) // only for a length beyond HKDF's limit, and ours is constant
	}
	return key
}
