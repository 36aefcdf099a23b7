package token

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	secretA = strings.Repeat("a secret of A! ", 5)
	secretB = strings.Repeat("a secret of B? ", 5)
)

func newKeys(t testing.TB, secret string, retired ...string) *Keys {
	t.Helper()
	k, err := New(secret, retired...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// kind is one of the two ways to make a token, so that tables cover both.
type kind struct {
	name string
	make func(k *Keys, purpose string, data []byte) string
	open func(k *Keys, purpose, tok string, maxAge time.Duration) (Opened, error)
}

var kinds = []kind{
	{"signed", (*Keys).Sign, (*Keys).VerifyOpen},
	{"encrypted", (*Keys).Encrypt, (*Keys).DecryptOpen},
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA)
	for _, kd := range kinds {
		for _, data := range [][]byte{nil, {0}, []byte("42"), bytes.Repeat([]byte("x\xff"), 20_000)} {
			tok := kd.make(k, "test", data)
			got, err := kd.open(k, "test", tok, time.Hour)
			if err != nil || !bytes.Equal(got.Data, data) || got.Retired {
				t.Errorf("%s: open of %d bytes = %d bytes, retired %v, %v", kd.name, len(data), len(got.Data), got.Retired, err)
			}
			if i := strings.IndexFunc(tok, func(r rune) bool {
				return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r)
			}); i >= 0 {
				t.Errorf("%s: token has %q, which a cookie or a URL would need to escape", kd.name, tok[i])
			}
		}
	}
}

func TestAppendSign(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA)
	for _, n := range []int{0, 1, 100, 20_000} {
		dst := append(make([]byte, 0, 30_000), "before"...)
		data := dst[len(dst) : len(dst)+n] // where the token will stand
		copy(data, bytes.Repeat([]byte("d"), n))
		want := string(data)
		got := k.AppendSign(dst, "test", data)
		opened, err := k.Verify("test", string(got[len("before"):]), time.Hour)
		if err != nil || string(opened) != want || string(got[:6]) != "before" {
			t.Errorf("of %d bytes: %.20q opens as %.20q, %v", n, got, opened, err)
		}
	}
}

func TestEncryptedDoesNotShowItsData(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA)
	data := []byte("the data in the clear")
	raw, err := base64.RawURLEncoding.DecodeString(k.Encrypt("test", data))
	if err != nil || bytes.Contains(raw, data[:8]) {
		t.Errorf("encrypted token shows its data, or %v", err)
	}
	if a, b := k.Encrypt("test", data), k.Encrypt("test", data); a == b {
		t.Error("two encryptions of the same data are equal")
	}
}

func TestFault06TokensOfAnotherPurposeOrKind(t *testing.T) {
	t.Parallel()
	k, other := newKeys(t, secretA), newKeys(t, secretB)
	for i, kd := range kinds {
		tok := kd.make(k, "upload", []byte("42"))
		tests := []struct {
			what, purpose, tok string
			want               error
		}{
			{"another purpose", "reset", tok, ErrPurpose},
			{"another secret", "upload", kd.make(other, "upload", []byte("42")), ErrInvalid},
			{"the other kind", "upload", kinds[1-i].make(k, "upload", []byte("42")), ErrVersion},
			{"a later format", "upload", "_" + tok[1:], ErrVersion},
			{"empty", "upload", "", ErrInvalid},
			{"cut", "upload", tok[:len(tok)-4], ErrInvalid},
			{"only a head", "upload", tok[:6], ErrInvalid},
			{"half a head", "upload", tok[:2], ErrInvalid},
			{"longer", "upload", tok + "AAAA", ErrInvalid},
			{"padded", "upload", tok + "=", ErrInvalid},
			{"a line break", "upload", tok[:8] + "\n" + tok[8:], ErrInvalid},
			{"not base64", "upload", "%" + tok[1:], ErrInvalid},
		}
		for _, tt := range tests {
			got, err := kd.open(k, tt.purpose, tt.tok, time.Hour)
			if !errors.Is(err, tt.want) || got.Data != nil {
				t.Errorf("%s, %s: open = %q, %v, want %v", kd.name, tt.what, got.Data, err, tt.want)
			}
		}
	}
}

func TestFault01EveryFlippedBitIsRefused(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA, secretB)
	for _, kd := range kinds {
		raw, _ := base64.RawURLEncoding.DecodeString(kd.make(k, "test", []byte("some data")))
		for i := range len(raw) * 8 {
			edited := bytes.Clone(raw)
			edited[i/8] ^= 1 << (i % 8)
			if got, err := kd.open(k, "test", base64.RawURLEncoding.EncodeToString(edited), time.Hour); err == nil {
				t.Fatalf("%s: with bit %d flipped, open = %q", kd.name, i, got.Data)
			}
		}
	}
}

// One value has one text: the unused bits of the last character must be zero.
func TestNoSecondText(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA)
	for n := range 3 {
		tok := k.Sign("test", make([]byte, n))
		for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
			edited := tok[:len(tok)-1] + string(c)
			if _, err := k.Verify("test", edited, time.Hour); err == nil && edited != tok {
				t.Errorf("%q and %q are both accepted", tok, edited)
			}
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for _, kd := range kinds {
		synctest.Test(t, func(t *testing.T) {
			k := newKeys(t, secretA)
			tok := kd.make(k, "test", []byte("42"))
			check := func(maxAge time.Duration, want error) {
				t.Helper()
				if _, err := kd.open(k, "test", tok, maxAge); !errors.Is(err, want) {
					t.Errorf("%s, %v after it was made: open(maxAge %v) = %v, want %v", kd.name, time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)), maxAge, err, want)
				}
			}
			check(0, nil)
			check(-1, ErrExpired)
			time.Sleep(time.Hour)
			check(time.Hour, nil)
			check(time.Hour-1, ErrExpired)
			time.Sleep(200 * 365 * 24 * time.Hour)
			check(14*24*time.Hour, ErrExpired)
			check(Forever, nil)
		})
	}
}

// A token made by a server whose clock is ahead is good within a minute.
func TestFault07TokensFromTheFuture(t *testing.T) {
	t.Parallel()
	for _, kd := range kinds {
		for _, tt := range []struct {
			ahead time.Duration
			want  error
		}{{time.Minute, nil}, {time.Minute + time.Millisecond, ErrInvalid}, {24 * time.Hour, ErrInvalid}} {
			var tok string
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(tt.ahead)
				tok = kd.make(newKeys(t, secretA), "test", nil)
			})
			synctest.Test(t, func(t *testing.T) {
				if _, err := kd.open(newKeys(t, secretA), "test", tok, Forever); !errors.Is(err, tt.want) {
					t.Errorf("%s, made %v ahead: open = %v, want %v", kd.name, tt.ahead, err, tt.want)
				}
			})
		}
	}
}

// A rolling change of the secret: both servers accept each other's tokens.
func TestFault03Rotation(t *testing.T) {
	t.Parallel()
	before, during, after := newKeys(t, secretA, secretB), newKeys(t, secretB, secretA), newKeys(t, secretB)
	for _, kd := range kinds {
		tests := []struct {
			what     string
			from, to *Keys
			retired  bool
			want     error
		}{
			{"old to new", before, during, true, nil},
			{"new to old", during, before, true, nil},
			{"new to new", during, after, false, nil},
			{"old to one without the old secret", before, after, false, ErrInvalid},
		}
		for _, tt := range tests {
			got, err := kd.open(tt.to, "test", kd.make(tt.from, "test", []byte("42")), time.Hour)
			if !errors.Is(err, tt.want) || got.Retired != tt.retired {
				t.Errorf("%s, %s: open = retired %v, %v; want %v, %v", kd.name, tt.what, got.Retired, err, tt.retired, tt.want)
			}
		}
	}
}

func TestNewRefusesShortSecrets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		secret  string
		retired []string
		want    string
	}{
		{"", nil, "token: the secret has 0 bytes, want at least 64; make one with `bennu gen secret`"},
		{strings.Repeat("x", 80), nil, "token: the secret has only 1 different characters, so it can be guessed; make one with `bennu gen secret`"},
		{secretA, []string{strings.Repeat("changeme", 10)}, "token: retired secret 1 has only 7 different characters, so it can be guessed; make one with `bennu gen secret`"},
		{strings.Repeat("x", 63), nil, "token: the secret has 63 bytes, want at least 64; make one with `bennu gen secret`"},
		{secretA, []string{secretB, "short"}, "token: retired secret 2 has 5 bytes, want at least 64; make one with `bennu gen secret`"},
	}
	for _, tt := range tests {
		if _, err := New(tt.secret, tt.retired...); err == nil || err.Error() != tt.want {
			t.Errorf("New = %v, want %s", err, tt.want)
		}
	}
	if a, b := NewSecret(), NewSecret(); a == b || len(a) < minSecret {
		t.Errorf("NewSecret = %q, then %q", a, b)
	}
}

func TestMadeUpPurposesDoNotPileUp(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA)
	for i := range maxCached + 50 {
		purpose := fmt.Sprint("purpose ", i)
		if _, err := k.Verify(purpose, k.Sign(purpose, nil), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if n := k.cached.Load(); n > maxCached {
		t.Errorf("%d purposes are kept, want at most %d", n, maxCached)
	}
}

func TestManyGoroutines(t *testing.T) {
	t.Parallel()
	k := newKeys(t, secretA, secretB)
	old := newKeys(t, secretB)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			data := []byte(fmt.Sprint("data of ", i))
			for range 200 {
				for _, kd := range kinds {
					for _, from := range []*Keys{k, old} {
						if got, err := kd.open(k, "test", kd.make(from, "test", data), time.Hour); err != nil || !bytes.Equal(got.Data, data) {
							t.Errorf("%s: open = %q, %v, want %q", kd.name, got.Data, err, data)
						}
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzOpen(f *testing.F) {
	k := newKeys(f, secretA, secretB)
	for _, kd := range kinds {
		f.Add(kd.make(k, "test", []byte("42")))
		f.Add(kd.make(k, "other", nil))
		f.Add(kd.make(newKeys(f, secretB), "test", []byte("42")))
	}
	f.Add("")
	f.Add("AQ")
	f.Add("....")
	f.Fuzz(func(t *testing.T, tok string) {
		for _, kd := range kinds {
			got, err := kd.open(k, "test", tok, Forever)
			if err == nil && string(got.Data) != "42" {
				t.Errorf("%s: open(%q) = %q, which nobody made", kd.name, tok, got.Data)
			}
			if err != nil && !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrPurpose) && !errors.Is(err, ErrVersion) {
				t.Errorf("%s: open(%q) = %v", kd.name, tok, err)
			}
		}
	})
}

func BenchmarkSign(b *testing.B) {
	k := newKeys(b, secretA)
	data := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		k.Sign("bench", data)
	}
}

func BenchmarkAppendSign(b *testing.B) {
	k := newKeys(b, secretA)
	data, dst := make([]byte, 100), make([]byte, 0, 500)
	b.ReportAllocs()
	for b.Loop() {
		k.AppendSign(dst, "bench", data)
	}
}

func BenchmarkVerify(b *testing.B) {
	k := newKeys(b, secretA)
	tok := k.Sign("bench", make([]byte, 100))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Verify("bench", tok, time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncryptDecrypt(b *testing.B) {
	k := newKeys(b, secretA)
	data := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Decrypt("bench", k.Encrypt("bench", data), time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
