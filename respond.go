package bennu

import (
	"bytes"
	"context"
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

// cachePrivate is for pages, which are one browser's: no cache may keep them for
// another.
const cachePrivate = "max-age=0, private, must-revalidate"

// maxKeptBuffer is the size above which a buffer is not kept for the next page.
const maxKeptBuffer = 256 << 10

// htmlBuffer is markup in a buffer that comes from a pool and, unless something
// fails, goes back there. As a component it is the markup as it stands.
type htmlBuffer struct{ b []byte }

var htmlBuffers = sync.Pool{New: func() any { return new(htmlBuffer) }}

func newHTMLBuffer() *htmlBuffer { return htmlBuffers.Get().(*htmlBuffer) }

// free gives the buffer back, which nobody may use any more.
func (h *htmlBuffer) free() {
	if cap(h.b) <= maxKeptBuffer {
		htmlBuffers.Put(h)
	}
}

// Render implements [templ.Component].
func (h *htmlBuffer) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(h.b)
	return err
}

// send answers with the page in the buffer and frees it.
func (h *htmlBuffer) send(w http.ResponseWriter, r *http.Request, status int) error {
	if len(w.Header()["Cache-Control"]) == 0 {
		setHeader(w, r, "Cache-Control", cachePrivate)
	}
	setHeader(w, r, "Content-Type", "text/html; charset=utf-8")
	setHeader(w, r, "Content-Length", strconv.Itoa(len(h.b)))
	w.WriteHeader(status)
	var err error
	if r.Method != http.MethodHead {
		_, err = w.Write(h.b)
	}
	h.free()
	return err
}

// setHeader is Header.Set of a canonical key.
func setHeader(w http.ResponseWriter, r *http.Request, key, value string) {
	scopeOf(r.Context()).set(w.Header(), key, value)
}

// HTML answers with a component and a status. It is rendered as a whole first:
// an error of it is returned and nothing is written, so that an error page can
// still be. The response may be kept by the browser for this user alone unless
// the header Cache-Control says otherwise.
func HTML(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	ctx := r.Context()
	if nonce := Nonce(ctx); nonce != "" {
		ctx = templ.WithNonce(ctx, nonce)
	}
	page := newHTMLBuffer()
	html, err := render.AppendHTML(ctx, page.b[:0], c)
	if err != nil {
		return fmt.Errorf("bennu: html: %w", err)
	}
	if sc := scopeOf(r.Context()); sc != nil && sc.dev != nil && bytes.Contains(html, bodyEnd) {
		html = injectBeforeBodyEnd(html, sc.dev.snippet(sc.nonce)) // a piece of a page gets none
	}
	page.b = html
	return page.send(w, r, status)
}

// JSON answers with a value as package encoding/json writes it and a status. An
// error of that is returned and nothing is written.
func JSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("bennu: json: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n')) // not sent to a HEAD request: net/http sees to it
	return err
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
