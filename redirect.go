package bennu

import (
	"fmt"
	"net/http"
	"strings"

	"bennu/internal/address"
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
	if why := address.NotLocal(path); why != "" {
		return "", fmt.Errorf("bennu: %.100q is no local path: %s; want an address on this host such as \"/orders?page=2\"", path, why)
	}
	return path, nil
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

// RedirectExternal sends the browser to an address with a scheme such as
// https: or mailto:. Do not give it an address from outside: every site is
// allowed. Schemes that run code (javascript:, data:) are refused with an
// error, as is what is no address, and nothing is written.
func RedirectExternal(w http.ResponseWriter, r *http.Request, url string) error {
	if err := address.External(url); err != nil {
		return fmt.Errorf("bennu: redirect to %.100q: %w", url, err)
	}
	return redirect(w, r, url)
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
