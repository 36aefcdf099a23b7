package bennu

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

// peekLen is how far into a form's body the stack looks for the hidden fields
// "_method" and "_csrf_token", which stand at the start of a form.
const peekLen = 16 << 10

// peekFormField is the value of a field in the first part of the request's
// body, if that is a form, and "" otherwise. The body stays whole for the
// handler, which decides how much it is ready to read; r.Body is replaced.
func peekFormField(r *http.Request, name string) string {
	if r.Body == nil || r.Body == http.NoBody {
		return ""
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	switch mediaType {
	case "application/x-www-form-urlencoded":
		return peekQuery(peek(r), name)
	case "multipart/form-data":
		return peekMultipart(peek(r), params["boundary"], name)
	}
	return ""
}

// peekedBody is a body of which the first bytes are known.
type peekedBody struct {
	io.Reader
	io.Closer
	head []byte
}

// peek is the first part of the request's body.
func peek(r *http.Request) []byte {
	if b, ok := r.Body.(*peekedBody); ok {
		return b.head
	}
	size := peekLen
	if r.ContentLength >= 0 {
		size = int(min(r.ContentLength, peekLen))
	}
	buf := bufio.NewReaderSize(r.Body, size)
	// An error shows again when the handler reads on.
	head, _ := buf.Peek(size)
	r.Body = &peekedBody{Reader: buf, Closer: r.Body, head: bytes.Clone(head)}
	return head
}

// peekQuery finds a field in a form of which the end may be cut off.
func peekQuery(head []byte, name string) string {
	cut := len(head) == peekLen
	for len(head) > 0 {
		pair, rest, more := bytes.Cut(head, []byte("&"))
		head = rest
		key, text, _ := bytes.Cut(pair, []byte("="))
		if string(key) != name { // the names looked for are written without escapes
			continue
		}
		if !more && cut {
			return ""
		}
		value, err := url.QueryUnescape(string(text))
		if err != nil {
			return ""
		}
		return value
	}
	return ""
}

// peekMultipart is peekQuery for the other form of forms.
func peekMultipart(head []byte, boundary, name string) string {
	if boundary == "" || !bytes.Contains(head, []byte(name)) {
		return ""
	}
	parts := multipart.NewReader(bytes.NewReader(head), boundary)
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return "" // the end, or where it is cut off
		}
		if part.FormName() != name || part.FileName() != "" {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return ""
		}
		return string(value)
	}
}
