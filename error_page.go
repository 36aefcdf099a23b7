package bennu

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// ErrorPages are an app's own answers to requests that end in an error. The
// format follows the request's header Accept; what is nil is answered by
// Bennu's own pages, which also stand in for one that fails itself.
type ErrorPages struct {
	// HTML makes the whole page for a status from 400 to 599; wrap it in the
	// app's root layout if it is to look like the others. The error is for
	// telling cases apart: its text is not meant for visitors.
	HTML func(status int, p Page, err error) templ.Component
	// JSON makes the value that is sent as JSON. The default is
	// {"errors":{"detail":"Not Found"}} with the text of the status.
	JSON func(status int, err error) any
}

// writeError answers with an error page. Its body is made before anything is
// sent.
func (a *App) writeError(w http.ResponseWriter, r *http.Request, status int, err error) {
	var body []byte
	var mediaType string
	switch formatOf(r.Header["Accept"], r.Header.Get("Content-Type")) {
	case formatJSON:
		mediaType, body = "application/json", a.errorJSON(r, status, err)
	case formatText:
		mediaType, body = "text/plain; charset=utf-8", a.errorText(status, err)
	default:
		mediaType, body = "text/html; charset=utf-8", a.errorHTML(r, status, err)
		if a.dev != nil {
			body = injectBeforeBodyEnd(body, a.dev.snippet(Nonce(r.Context())))
		}
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(body); err != nil {
		a.log.LogAttrs(r.Context(), slog.LevelDebug, "error page not sent", slog.Any("err", err))
	}
}

// errorHTML is the page: in development the one with the source of what the
// server did wrong, else the app's own, else ours.
func (a *App) errorHTML(r *http.Request, status int, err error) []byte {
	if a.opts.Dev && status >= 500 {
		return a.debugPage(r, status, err)
	}
	if a.opts.Errors.HTML != nil {
		html, failed := a.ownErrorHTML(r, status, err)
		if failed == nil {
			return html
		}
		a.log.LogAttrs(r.Context(), slog.LevelError, "error page failed",
			slog.Int("status", status), slog.Any("err", failed), slog.String("request_id", RequestID(r)))
	}
	return a.plainPage(r, status, err)
}

// ownErrorHTML renders the app's own page.
func (a *App) ownErrorHTML(r *http.Request, status int, cause error) (html []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("bennu: Options.Errors.HTML: panic: %v", v)
		}
	}()
	p := a.page(r, http.StatusText(status))
	c := a.opts.Errors.HTML(status, p, cause)
	if c == nil {
		return nil, errors.New("bennu: Options.Errors.HTML returned nil, want a component")
	}
	return render.AppendHTML(templ.WithNonce(r.Context(), p.Nonce()), nil, c)
}

// errorJSON is the error as JSON.
func (a *App) errorJSON(r *http.Request, status int, err error) []byte {
	if a.opts.Errors.JSON != nil {
		body, failed := a.ownErrorJSON(status, err)
		if failed == nil {
			return body
		}
		a.log.LogAttrs(r.Context(), slog.LevelError, "error page failed",
			slog.Int("status", status), slog.Any("err", failed), slog.String("request_id", RequestID(r)))
	}
	type detail struct {
		Detail string `json:"detail"`
	}
	body, failed := json.Marshal(map[string]detail{"errors": {a.errorDetail(status, err)}})
	if failed != nil {
		panic(failed) // strings always encode
	}
	return append(body, '\n')
}

// ownErrorJSON encodes the app's own value.
func (a *App) ownErrorJSON(status int, cause error) (body []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("bennu: Options.Errors.JSON: panic: %v", v)
		}
	}()
	if body, err = json.Marshal(a.opts.Errors.JSON(status, cause)); err != nil {
		return nil, fmt.Errorf("bennu: Options.Errors.JSON: %w", err)
	}
	return append(body, '\n'), nil
}

// errorText is the error for a terminal.
func (a *App) errorText(status int, err error) []byte {
	return fmt.Appendf(nil, "%d %s\n", status, a.errorDetail(status, err))
}

// errorDetail is what formats without a page say: in production the status and
// nothing else, in development the error too.
func (a *App) errorDetail(status int, err error) string {
	text := statusText(status)
	if a.opts.Dev {
		text += ": " + err.Error()
	}
	return text
}

// statusText is http.StatusText, which does not know all numbers.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	if status < 500 {
		return "Request refused"
	}
	return "Server error"
}

// explanations say what a status means to somebody who came by a browser.
var explanations = map[int]string{
	http.StatusBadRequest:            "The server could not make sense of this request. Go back, reload the page and try again.",
	http.StatusUnauthorized:          "You have to log in to see this page.",
	http.StatusForbidden:             "You are not allowed to do this. If the page was open for long, go back, reload it and try again.",
	http.StatusNotFound:              "There is nothing at this address. The link may be old, or the address mistyped.",
	http.StatusMethodNotAllowed:      "This address exists, but not for this kind of request.",
	http.StatusGone:                  "What was at this address is gone for good.",
	http.StatusRequestEntityTooLarge: "What was sent is larger than this server takes.",
	http.StatusTooManyRequests:       "Too many requests came in a short time. Wait a moment and try again.",
	http.StatusServiceUnavailable:    "The server is not available right now. Try again in a moment.",
}

// plainPage is our own page: no script, no file, nothing that could fail again.
func (a *App) plainPage(r *http.Request, status int, err error) []byte {
	explanation, ok := explanations[status]
	switch {
	case ok:
	case status < 500:
		explanation = "The server refused this request."
	default:
		explanation = "Something went wrong on our side. The error is logged; try again in a moment."
	}
	data := struct {
		Status                              int
		Title, Explanation, Home, ID, Nonce string
		Detail                              string
		Routes                              []Route
		Style                               template.CSS
	}{
		Status: status, Title: statusText(status), Explanation: explanation,
		Home: a.opts.Prefix + "/", ID: RequestID(r), Nonce: Nonce(r.Context()), Style: pageStyle,
	}
	if a.opts.Dev {
		data.Detail = err.Error()
		var none *noRouteError
		if errors.As(err, &none) {
			data.Routes = a.Routes()
		}
	}
	var b bytes.Buffer
	if err := plainTemplate.Execute(&b, data); err != nil {
		panic(err) // the data are of the template's own types
	}
	return b.Bytes()
}

// panicOf is the panic in an error's chain, nil if there is none.
func panicOf(err error) *live.PanicError {
	var crash *live.PanicError
	if errors.As(err, &crash) {
		return crash
	}
	return nil
}
