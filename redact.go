package bennu

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/logs"
	"bennu/internal/redact"
)

const (
	// maxQuoted is how much of a header an error shows: whoever sends more does
	// not fill the log.
	maxQuoted = 100
	// maxLoggedPath is how much of a path a log line shows.
	maxLoggedPath = 500
)

// cut is at most n bytes of a text.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

// redacted stands in logs for a value that must not be there.
const redacted = redact.Mark

// isSecret reports that values of this name, a form's field or a header, belong
// in no log.
func isSecret(name string) bool { return redact.Name(name) }

// maxLoggedValues is how many parameters a log line shows.
const maxLoggedValues = 40

// loggedValues are parameters as logs show them: without what is secret, and
// not much of what is long.
func loggedValues(values url.Values) url.Values {
	out := make(url.Values, min(len(values), maxLoggedValues+1))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if len(out) == maxLoggedValues {
			out["…"] = []string{strconv.Itoa(len(values)-maxLoggedValues) + " more"}
			break
		}
		list := []string{redacted}
		if !isSecret(name) {
			list = slices.Clone(values[name][:min(len(values[name]), maxLoggedValues)])
			for i, v := range list {
				list[i] = cut(v, logs.MaxValue)
			}
		}
		out[cut(name, logs.MaxValue)] = list
	}
	return out
}

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

// loggedPath is the path of a request as logs show it: without the parts that
// its route names as secret, as in "/reset/{token}".
func (a *App) loggedPath(r *http.Request) string {
	for _, e := range a.router.secret {
		asked := r.WithContext(r.Context()) // a copy
		if e.Method != "" {
			asked.Method = e.Method // a form may still be going to override its own
		}
		if a.router.match(asked) == e {
			return cut(redactPath(e.Path, asked), maxLoggedPath)
		}
	}
	return cut(r.URL.Path, maxLoggedPath)
}

// redactPath puts the values of a request into the pattern of its path.
func redactPath(pattern string, r *http.Request) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if name = strings.TrimSuffix(name, "..."); isSecret(name) {
			b.WriteString(redacted)
		} else {
			b.WriteString(r.PathValue(name))
		}
		pattern = after
	}
}
