package bennu

import "bytes"

// injectBeforeBodyEnd puts a snippet before a page's last </body>, or at its
// end when there is none.
func injectBeforeBodyEnd(html []byte, snippet string) []byte {
	at := bytes.LastIndex(html, []byte("</body>"))
	if at < 0 {
		return append(html, snippet...)
	}
	tail := string(html[at:])
	return append(append(html[:at], snippet...), tail...)
}
