package bennu

import (
	"net/http"
	"time"
)

// requestIDHeader carries the id of a request, in and out.
const requestIDHeader = "X-Request-Id"

// requestID gives every request an id: the one that it came with, so that the
// logs of several servers can be joined, if it looks like one, else a new one.
// It is the outermost layer and makes the request's scope. The timeout is how
// long a client may take for a piece of the answer; 0 is what the server says.
func requestID(timeout time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := ""
			if given := r.Header[requestIDHeader]; len(given) > 0 && saneRequestID(given[0]) {
				id = given[0]
			}
			s, r := openScope(w, r, id)
			s.set(w.Header(), requestIDHeader, s.id)
			// A deadline that an earlier request on the connection has left may
			// be over; one for the end of this answer is set after its handler.
			s.response.patience.timeout = timeout
			s.response.patience.renew(w)
			next.ServeHTTP(&s.response, r)
			s.response.patience.renew(w)
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
