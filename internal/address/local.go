package address

import "strings"

// NotLocal says why a text is no address on this host, "" when it is one: a path
// that begins with one slash, with or without query and fragment.
//
// Browsers drop tabs and line breaks from addresses, take '\' for '/', and read
// "//host" as another site; both resolve "." and ".."; proxies may decode "%09"
// and "%2f" on the way. Whatever could be read as another site in one of these
// ways, or two of them together, is refused.
func NotLocal(text string) string {
	if text == "" || text[0] != '/' {
		return "it does not begin with /"
	}
	for _, c := range []byte(text) {
		switch {
		case c < ' ', c == 0x7f:
			return "it has a control character"
		case c == '\\':
			return `it has a \`
		}
	}
	if strings.Contains(Lower(text), "/%09") {
		return "it has an encoded control character"
	}
	path := text
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		path = text[:i]
	}
	if path == "/" {
		return ""
	}
	first := Lower(path[1:min(len(path), 4)])
	switch {
	case first[0] == '/', first == "%2f", first == "%5c":
		return "it has nothing between its first two slashes, which makes it the address of another host"
	case first[0] == '@', first == "%40":
		return "it begins with /@, which some take for a user name"
	}
	path = Lower(path)
	for _, code := range []string{"%0", "%1", "%7f"} {
		if strings.Contains(path, code) {
			return "it has an encoded control character"
		}
	}
	decoded := decodedMarks.Replace(path)
	encoded := strings.Contains(path, "%2f") || strings.Contains(path, "%5c")
	if (encoded || strings.Contains(decoded, "//") || strings.Contains(decoded, "@")) && hasDots(decoded) {
		return "with . and .. resolved it may begin with // or /@"
	}
	return ""
}

// decodedMarks decodes the characters that say where a path leads.
var decodedMarks = strings.NewReplacer("%2f", "/", "%5c", "/", "%2e", ".", "%40", "@")

// hasDots reports a segment that is resolved away with its neighbours.
func hasDots(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
