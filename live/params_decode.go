package live

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"bennu/form"
)

// maxPairs is less than what package net/url gives up at, and says nothing then.
const maxPairs = 10_000

// Decode decodes the params into the struct or map that dst points to, by the
// rules of [form.DecodeValues]; of a name that the path and the query have, the
// path's value counts.
//
// They come from outside and may be anything. What does not fit, and what is
// above the limits of package form, gives an error with the HTTP status 400: a
// Mount that returns it shows the page for that.
func (p Params) Decode(dst any) error {
	if strings.Count(p.query, "&") >= maxPairs {
		return &paramsError{fmt.Errorf("%w: a query of %d pairs and more", form.ErrLimit, maxPairs)}
	}
	values := p.Query()
	for _, v := range p.path {
		values[v.Name] = []string{v.Value}
	}
	err := form.DecodeValues(values, dst)
	var fields form.Errors
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fields), errors.Is(err, form.ErrSyntax), errors.Is(err, form.ErrLimit):
		return &paramsError{err}
	}
	return fmt.Errorf("live: params: %w", err) // the program's fault: dst is no pointer, say
}

// paramsError is an address that does not mean anything to the view.
type paramsError struct{ err error }

func (e *paramsError) Error() string   { return "live: params of the page: " + e.err.Error() }
func (e *paramsError) Unwrap() error   { return e.err }
func (e *paramsError) HTTPStatus() int { return http.StatusBadRequest }
