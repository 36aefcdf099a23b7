package wire

import (
	"net/url"
	"strings"
)

// QueryValues are the values of a name in the query of a URL, as url.ParseQuery
// reads it, without the cost of a map of all that is in it.
func QueryValues(rawQuery, name string) (values []string) {
	for rest := rawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		key, value, _ := strings.Cut(pair, "=")
		if pair == "" || strings.Contains(pair, ";") || !named(key, name) {
			continue
		}
		if value, err := url.QueryUnescape(value); err == nil {
			values = append(values, value)
		}
	}
	return values
}

func named(key, name string) bool {
	if key == name {
		return !strings.ContainsAny(name, "%+")
	}
	if !strings.ContainsAny(key, "%+") {
		return false
	}
	key, err := url.QueryUnescape(key)
	return err == nil && key == name
}
