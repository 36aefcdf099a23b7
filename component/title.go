package component

import (
	"strings"

	"github.com/a-h/templ"
)

// of is the title that a page has.
func (t Title) of(title string) string {
	if strings.TrimSpace(title) == "" {
		return t.Default
	}
	return title
}

// data is what the client reads when a title changes.
func (t Title) data() templ.Attributes {
	attrs := templ.Attributes{}
	for name, value := range map[string]string{"data-prefix": t.Prefix, "data-suffix": t.Suffix, "data-default": t.Default} {
		if value != "" {
			attrs[name] = value
		}
	}
	return attrs
}
