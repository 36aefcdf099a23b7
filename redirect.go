package bennu

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// LocalPath checks that text, which may come from outside, is an address on
// this host, as in a return_to parameter: a path that begins with one slash,
// with or without query and fragment. It returns the text.
//
// Browsers drop tabs and line breaks from addresses, take '\' for '/', and read
// "//host" as another site; both resolve "." and ".."; proxies may decode "%09"
// and "%2f" on the way. Whatever could be read as another site in one of these
// ways, or two of them together, is refused.
func LocalPath(path string) (string, error) {
	if why := notLocal(path); why != "" {
		return "", fmt.Errorf("bennu: %.100q is no local path: %s; want an address on this host such as \"/orders?page=2\"", path, why)
	}
	return path, nil
}

func notLocal(text string) string {
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
	if strings.Contains(lowerASCII(text), "/%09") {
		return "it has an encoded control character"
	}
	path := text
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		path = text[:i]
	}
	if path == "/" {
		return ""
	}
	first := lowerASCII(path[1:min(len(path), 4)])
	switch {
	case first[0] == '/', first == "%2f", first == "%5c":
		return "it has nothing between its first two slashes, which makes it the address of another host"
	case first[0] == '@', first == "%40":
		return "it begins with /@, which some take for a user name"
	}
	path = lowerASCII(path)
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

// Redirect sends the browser to a path of this host. It is refused with an
// error, and nothing is written, unless [LocalPath] accepts it; use
// [RedirectExternal] for other sites. After a GET or HEAD the status is 302,
// after other methods 303, so that the browser goes on with a GET.
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	path, err := LocalPath(path)
	if err != nil {
		return err
	}
	return redirect(w, r, path)
}

// externalSchemes are those that mean no code and no local file.
var externalSchemes = []string{
	"http", "https", "ftp", "ftps", "mailto", "news", "irc", "gopher", "nntp", "feed",
	"telnet", "mms", "rtsp", "svn", "tel", "fax", "xmpp",
}

// RedirectExternal sends the browser to an address with a scheme such as
// https: or mailto:. Do not give it an address from outside: every site is
// allowed. Schemes that run code (javascript:, data:) are refused with an
// error, as is what is no address, and nothing is written.
func RedirectExternal(w http.ResponseWriter, r *http.Request, address string) error {
	if err := checkExternal(address); err != nil {
		return fmt.Errorf("bennu: redirect to %.100q: %w", address, err)
	}
	return redirect(w, r, address)
}

func checkExternal(address string) error {
	for _, c := range []byte(address) {
		if c <= ' ' || c == 0x7f || c == '\\' {
			return fmt.Errorf("it has a %q, which browsers drop or take for something else", c)
		}
	}
	i := strings.IndexAny(address, ":/?#")
	if i < 0 || address[i] != ':' {
		return errors.New("it has no scheme; use Redirect for a path of this host")
	}
	scheme := lowerASCII(address[:i])
	for _, s := range externalSchemes {
		if s != scheme {
			continue
		}
		if defaultPort(s) == "" {
			return nil
		}
		host, ok := strings.CutPrefix(address[i+1:], "//")
		if !ok || host == "" || strings.IndexByte("/?#:@", host[0]) >= 0 {
			return errors.New("it has no host")
		}
		return nil
	}
	return fmt.Errorf("the scheme %q is not among those allowed: %s", scheme, strings.Join(externalSchemes, ", "))
}

// redirect answers with an address that was checked. It is not
// [http.Redirect], which cleans paths and so changes what was checked.
func redirect(w http.ResponseWriter, r *http.Request, address string) error {
	status := http.StatusSeeOther
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		status = http.StatusFound
	}
	w.Header().Set("Location", escapeNonASCII(address))
	w.WriteHeader(status)
	return nil
}

// escapeNonASCII is an address as headers carry it.
func escapeNonASCII(s string) string {
	n := 0
	for i := range len(s) {
		if s[i] >= 0x80 {
			n++
		}
	}
	if n == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2*n)
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
			continue
		}
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
