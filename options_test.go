package bennu

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestFault10NewRefusesWrongOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		opts Options
		want []string
	}{
		{"no secret", Options{}, []string{"Options.SecretKeyBase: empty, want at least 64", "`bennu gen secret`", "SECRET_KEY_BASE"}},
		{"short secret", Options{SecretKeyBase: "short"}, []string{"Options.SecretKeyBase: ", "has 5 bytes, want at least 64", "`bennu gen secret`"}},
		{"short secret in development", Options{Dev: true, SecretKeyBase: "short"}, []string{"Options.SecretKeyBase: "}},
		{"the secret of development", Options{SecretKeyBase: devSecret()}, []string{"Options.SecretKeyBase: ", "development", "`bennu gen secret`"}},
		{"short retired secret", Options{SecretKeyBase: testSecret, RetiredSecrets: []string{testSecret, "x"}}, []string{"Options.RetiredSecrets[1]: "}},
		{"prefix without slash", Options{SecretKeyBase: testSecret, Prefix: "admin"}, []string{"Options.Prefix: ", `must begin with "/"`}},
		{"prefix with a slash at its end", Options{SecretKeyBase: testSecret, Prefix: "/admin/"}, []string{"Options.Prefix: ", `must not end with "/"`}},
		{"prefix of slash", Options{SecretKeyBase: testSecret, Prefix: "/"}, []string{"Options.Prefix: "}},
		{"prefix with a name", Options{SecretKeyBase: testSecret, Prefix: "/{team}"}, []string{"Options.Prefix: ", "no plain path"}},
		{"prefix with letters that need escaping", Options{SecretKeyBase: testSecret, Prefix: "/käse"}, []string{"Options.Prefix: "}},
		{"prefix with dots", Options{SecretKeyBase: testSecret, Prefix: "/a/../b"}, []string{"Options.Prefix: "}},
		{"origin", Options{SecretKeyBase: testSecret, Origins: []string{"shop.test"}}, []string{"Options.Origins", `"shop.test"`}},
		{"policy", Options{SecretKeyBase: testSecret, CSP: "default-src {self}"}, []string{"Options.CSP"}},
		{"cookie name", Options{SecretKeyBase: testSecret, CookieName: "my cookie"}, []string{"Options.CookieName: "}},
		{"proxies", Options{SecretKeyBase: testSecret, TrustedProxies: make([]netip.Prefix, 1)}, []string{"Options.TrustedProxies[0]: "}},
		{"timeout", Options{SecretKeyBase: testSecret, ShutdownTimeout: -time.Second}, []string{"Options.ShutdownTimeout: "}},
		{"delay", Options{SecretKeyBase: testSecret, ShutdownDelay: -time.Second}, []string{"Options.ShutdownDelay: "}},
		{"drain rate", Options{SecretKeyBase: testSecret, DrainRate: -2}, []string{"Options.DrainRate: ", "bennu.Unlimited"}},
		{"two at once", Options{Prefix: "admin"}, []string{"Options.Prefix: ", "Options.SecretKeyBase: "}},
	} {
		got := panicText(func() { New(tt.opts) })
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: panic %q, want %q in it", tt.name, got, want)
			}
		}
		if strings.Contains(got, testSecret) {
			t.Errorf("%s: the panic shows a secret", tt.name)
		}
	}
}

func TestDevelopmentSecretIsStable(t *testing.T) {
	t.Parallel()
	one, two := newTestApp(t, Options{Dev: true, SecretKeyBase: devSecret()}), New(Options{Dev: true})
	tok := one.keys.Sign("a purpose", []byte("kept"))
	if got, err := two.keys.Verify("a purpose", tok, time.Minute); err != nil || string(got) != "kept" {
		t.Errorf("a token of the last start: %q, %v, want it accepted", got, err)
	}
}
