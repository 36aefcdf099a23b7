// Package raw sends text as it is.
package raw

import (
	"html/template"

	"github.com/a-h/templ"
)

func link(s string) templ.SafeURL { return templ.SafeURL(s) }

var rule = templ.Raw("<hr>")

func document(s string) template.HTML { return template.HTML(s) }
