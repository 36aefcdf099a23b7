// Package raw sends text as it is.
package raw

import "github.com/a-h/templ"

func link(s string) templ.SafeURL { return templ.SafeURL(s) }

var rule = templ.Raw("<hr>")
