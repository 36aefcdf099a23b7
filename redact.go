package bennu

import (
	"net/url"
	"strings"
)

// redacted stands in logs for a value that must not be there.
const redacted = "[REDACTED]"

// secretNames are parts of the names of parameters whose values are secret.
var secretNames = []string{
	"password", "passwd", "passphrase", "secret", "token", "csrf", "authorization", "cookie",
	"session", "credential", "api_key", "apikey", "api-key", "private_key", "privatekey", "private-key",
	"card_number", "cardnumber", "cvv", "cvc",
}

// isSecret reports that values of this name, a form's field or a header, belong
// in no log. A part of the name is enough: user[password_confirmation].
func isSecret(name string) bool {
	name = lowerASCII(name)
	for _, s := range secretNames {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// redact is a copy of parameters in which secret values are replaced, for logs.
func redact(values url.Values) url.Values {
	out := make(url.Values, len(values))
	for name, list := range values {
		if isSecret(name) {
			list = []string{redacted}
		}
		out[name] = list
	}
	return out
}
