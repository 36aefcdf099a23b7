package bennu

import (
	"net/http"
	"strings"
	"time"

	"bennu/telemetry"
)

// observeRequests tells observers of requests that were answered; of views and
// sockets others tell.
func (a *App) observeRequests(next http.Handler) http.Handler {
	observe := a.observe.Request
	if observe == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, s := time.Now(), scopeOf(r.Context())
		defer func() {
			observe(telemetry.Request{
				Method: knownMethod(r.Method), Route: s.route, Status: s.response.sent(), Start: start, Duration: time.Since(start),
				RequestID: s.id, Trace: traceOf(r),
			})
		}()
		next.ServeHTTP(w, r)
	})
}

// knownMethod keeps what clients make up out of the names of metrics.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}

// observeConnect tells of a socket that is open.
func (a *App) observeConnect(r *http.Request, by string, start time.Time) {
	if a.observe.Connect != nil {
		a.observe.Connect(telemetry.Connect{Transport: by, RequestID: RequestID(r), Trace: traceOf(r), Start: start, Duration: time.Since(start)})
	}
}

// traceOf is the header traceparent of a request (https://www.w3.org/TR/trace-context),
// "" for one that is no such thing.
func traceOf(r *http.Request) string {
	text := r.Header.Get("Traceparent")
	const length = len("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
	if len(text) != length || strings.Count(text, "-") != 3 || text[2] != '-' || text[35] != '-' || text[52] != '-' {
		return ""
	}
	for _, c := range []byte(text) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ""
		}
	}
	const none = "00000000000000000000000000000000"
	if text[3:35] == none || text[36:52] == none[:16] || text[:2] == "ff" {
		return ""
	}
	return text
}
