package bennu

import (
	"net/http"

	"bennu/internal/address"
)

// methodField is the hidden field by which a form, which can only GET and POST,
// asks for another method.
const methodField = "_method"

// methodOverride turns the POST of a form with a field "_method" into PUT,
// PATCH or DELETE. The field counts in the body of a POST only: what a link can
// do must not change anything.
func methodOverride() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				if method := overridden(peekFormField(r, methodField)); method != "" {
					r = r.WithContext(r.Context()) // the caller's request keeps its method
					r.Method = method
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// overridden is the method that a form asks for, "" if it may not.
func overridden(field string) string {
	if len(field) > len(http.MethodDelete) {
		return ""
	}
	switch method := address.Lower(field); method {
	case "put":
		return http.MethodPut
	case "patch":
		return http.MethodPatch
	case "delete":
		return http.MethodDelete
	}
	return ""
}
