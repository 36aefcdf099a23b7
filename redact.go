package bennu

import (
	"net/url"

	"bennu/internal/redact"
)

// redacted stands in logs for a value that must not be there.
const redacted = redact.Mark

// isSecret reports that values of this name, a form's field or a header, belong
// in no log.
func isSecret(name string) bool { return redact.Name(name) }

// redactValues is a copy of parameters in which secret values are replaced, for logs.
func redactValues(values url.Values) url.Values {
	out := make(url.Values, len(values))
	for name, list := range values {
		if isSecret(name) {
			list = []string{redacted}
		}
		out[name] = list
	}
	return out
}
