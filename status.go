package bennu

import (
	"errors"
	"net/http"
)

// NotFound is what a handler or a view's Mount returns when there is nothing at
// that address. It becomes the error page of status 404.
var NotFound = Status(http.StatusNotFound, errors.New("there is nothing at this address"))

// Status gives an error the HTTP status that answers the request, from 400 to
// 599. Error pages and logs find it through wrapping; an error without one is
// answered by 500. With a nil error the text is the status's own.
func Status(code int, err error) error {
	if code < 400 || code > 599 {
		code = http.StatusInternalServerError
	}
	if err == nil {
		err = errors.New(http.StatusText(code))
	}
	return &statusError{code, err}
}

type statusError struct {
	code int
	err  error
}

func (e *statusError) Error() string   { return e.err.Error() }
func (e *statusError) Unwrap() error   { return e.err }
func (e *statusError) HTTPStatus() int { return e.code }

// suspectError is the refusal of a request that none of the App's own pages
// sends: somebody tries something, or the options are not what the site needs.
// Its log line is a warning, so that production shows it.
type suspectError struct{ err error }

func (e *suspectError) Error() string { return e.err.Error() }
func (e *suspectError) Unwrap() error { return e.err }

// statusOf is the status that an error carries, 500 without one.
func statusOf(err error) int {
	var s interface{ HTTPStatus() int }
	if errors.As(err, &s) {
		return s.HTTPStatus()
	}
	return http.StatusInternalServerError
}

// failFunc answers a request that one of the stack's layers refuses. The App
// gives its error pages; without one the answer is plain text.
type failFunc func(http.ResponseWriter, *http.Request, error)

func (f failFunc) answer(w http.ResponseWriter, r *http.Request, err error) {
	if f != nil {
		f(w, r, err)
		return
	}
	http.Error(w, err.Error(), statusOf(err))
}
