// Package redact knows which values belong in no log: by the name that they
// are sent or kept under.
package redact

import "strings"

// Mark stands in a log for a value that must not be there.
const Mark = "[REDACTED]"

// parts are parts of names whose values are secret.
var parts = []string{
	"password", "passwd", "passphrase", "secret", "token", "csrf", "authorization", "cookie",
	"session", "credential", "apikey", "privatekey", "cardnumber", "cvv", "cvc",
}

// Name reports that values of this name (a form's field, a header, a field of a
// struct) are secret. A part of the name is enough, in any case and with any of
// the usual separators: user[password_confirmation], Api-Key, CardNumber.
func Name(name string) bool {
	plain := make([]byte, 0, 64)
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			plain = append(plain, c+'a'-'A')
		case c == '_' || c == '-':
		default:
			plain = append(plain, c)
		}
	}
	text := string(plain)
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
