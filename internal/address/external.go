package address

import (
	"errors"
	"fmt"
	"strings"
)

// externalSchemes are those that mean no code and no local file.
var externalSchemes = []string{
	"http", "https", "ftp", "ftps", "mailto", "news", "irc", "gopher", "nntp", "feed",
	"telnet", "mms", "rtsp", "svn", "tel", "fax", "xmpp",
}

// External is an error unless the text is an address with a scheme that runs no
// code, such as https: or mailto:.
func External(address string) error {
	for _, c := range []byte(address) {
		if c <= ' ' || c == 0x7f || c == '\\' {
			return fmt.Errorf("it has a %q, which browsers drop or take for something else", c)
		}
	}
	i := strings.IndexAny(address, ":/?#")
	if i < 0 || address[i] != ':' {
		return errors.New("it has no scheme; use Redirect for a path of this host")
	}
	scheme := Lower(address[:i])
	for _, s := range externalSchemes {
		if s != scheme {
			continue
		}
		if s != "http" && s != "https" {
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

// Lower lowers A to Z alone: Unicode's rules would make an s of a 'ſ' and
// a k of a '\u212a', and one host of two.
func Lower(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if c := b[j]; 'A' <= c && c <= 'Z' {
					b[j] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
