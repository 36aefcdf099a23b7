package bennu

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/render"
)

// maxKeptBuffer is the size above which a buffer is not kept for the next page.
const maxKeptBuffer = 256 << 10

var pageBuffers = sync.Pool{New: func() any { return new([]byte) }}

// HTML answers with a component and a status. It is rendered as a whole first:
// an error of it is returned and nothing is written, so that an error page can
// still be. The response may be kept by the browser for this user alone unless
// the header Cache-Control says otherwise.
func HTML(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := pageBuffers.Get().(*[]byte)
	defer func() {
		if cap(*buf) <= maxKeptBuffer {
			pageBuffers.Put(buf)
		}
	}()
	ctx := r.Context()
	if nonce := Nonce(ctx); nonce != "" {
		ctx = templ.WithNonce(ctx, nonce)
	}
	html, err := render.AppendHTML(ctx, (*buf)[:0], c)
	*buf = html
	if err != nil {
		return fmt.Errorf("bennu: html: %w", err)
	}
	h := w.Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "max-age=0, private, must-revalidate")
	}
	sendHeader(w, status, "text/html; charset=utf-8", len(html))
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = w.Write(html)
	return err
}

// JSON answers with a value as package encoding/json writes it and a status. An
// error of that is returned and nothing is written.
func JSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("bennu: json: %w", err)
	}
	sendHeader(w, status, "application/json; charset=utf-8", len(body)+1)
	_, err = w.Write(append(body, '\n')) // not sent to a HEAD request: net/http sees to it
	return err
}

func sendHeader(w http.ResponseWriter, status int, contentType string, length int) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
}

// Download answers with content that the browser saves under a name. The name
// may come from outside: of a path the last part counts, and what is no text is
// replaced. The type follows the name unless the header Content-Type is set. An
// [io.ReadSeeker] can be asked for in parts; other content is sent as it comes.
func Download(w http.ResponseWriter, r *http.Request, name string, content io.Reader) error {
	name = fileName(name)
	h := w.Header()
	h.Set("Content-Disposition", disposition(name))
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", contentType(name))
	}
	if s, ok := content.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, s)
		return nil
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(w, content); err != nil {
		return fmt.Errorf("bennu: download: %w", err)
	}
	return nil
}

// fileName is the last part of a path, for either kind of slash, without
// control characters and without the dots that mean folders.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || r == utf8.RuneError ||
			0x200e <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 {
			return '_' // controls, and marks that turn the direction of text and so hide an ending
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, ". ")
	for len(name) > 200 {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending says what the file is
	}
	if name == "" {
		return "download"
	}
	return name
}

// disposition is the header Content-Disposition (RFC 6266) for a file name: in
// ASCII for everybody and, where that says less, as RFC 8187 text for those
// who read it.
func disposition(name string) string {
	var ascii, ext strings.Builder
	plain := true
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '"' || c == '\\' || c == '%' || c >= 0x80:
			plain = false
			if c < 0x80 || utf8.RuneStart(c) {
				ascii.WriteByte('_')
			}
		default:
			ascii.WriteByte(c)
		}
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			ext.WriteByte(c)
		} else {
			fmt.Fprintf(&ext, "%%%02X", c)
		}
	}
	s := `attachment; filename="` + ascii.String() + `"`
	if !plain {
		s += "; filename*=UTF-8''" + ext.String()
	}
	return s
}
