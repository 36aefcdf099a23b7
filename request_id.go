package bennu

import (
	"context"
	"net/http"
)

// requestIDHeader carries the id of a request, in and out.
const requestIDHeader = "X-Request-Id"

// requestID gives every request an id: the one that it came with, so that the
// logs of several servers can be joined, if it looks like one, else a new one.
// It is the outermost layer and makes the request's scope.
func requestID() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := r.Header.Get(requestIDHeader)
			if !saneRequestID(id) {
				id = ""
			}
			s := newScope(id)
			w.Header()[requestIDHeader] = []string{s.id}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), scopeKey{}, s)))
		})
	}
}

// saneRequestID reports that an id from outside may go into logs and headers:
// 20 to 200 letters, digits and marks that mean nothing anywhere.
func saneRequestID(id string) bool {
	if len(id) < 20 || len(id) > 200 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
