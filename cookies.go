package bennu

import (
	"iter"
	"net/http"
	"net/textproto"
	"strings"
)

// cookies are the values of the cookies of a name that a request came with, as
// [http.Request.CookiesNamed] reads them (RFC 6265, section 4.2).
func cookies(r *http.Request, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range r.Header["Cookie"] {
			for line != "" {
				var part string
				part, line, _ = strings.Cut(line, ";")
				n, value, _ := strings.Cut(textproto.TrimString(part), "=")
				if textproto.TrimString(n) != name {
					continue
				}
				if l := len(value); l > 1 && value[0] == '"' && value[l-1] == '"' {
					value = value[1 : l-1]
				}
				if validCookieValue(value) && !yield(value) {
					return
				}
			}
		}
	}
}

// validCookieValue reports a value of the characters that cookies may have.
func validCookieValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c >= 0x7f || c == '"' || c == ';' || c == '\\' {
			return false
		}
	}
	return true
}
