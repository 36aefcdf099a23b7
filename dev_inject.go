package bennu

import "bytes"

// bodyEnd ends the content of a whole page.
var bodyEnd = []byte("</body>")

// injectBeforeBodyEnd puts a snippet before a page's last </body>, or at its
// end when there is none.
func injectBeforeBodyEnd(html []byte, snippet string) []byte {
	at := bytes.LastIndex(html, bodyEnd)
	if at < 0 {
		return append(html, snippet...)
	}
	tail := string(html[at:])
	return append(append(html[:at], snippet...), tail...)
}
