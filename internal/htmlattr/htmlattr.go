// Package htmlattr knows what browsers do with the value of an attribute, as
// far as that decides how a template may write it.
package htmlattr

import "strings"

// Kind is what a browser does with the value of an attribute.
type Kind uint8

const (
	// Text is shown, compared or read by scripts of the page.
	Text Kind = iota
	// Address is one URL: loaded, sent to or gone to. Some schemes run code.
	Address
	// Media is an Address of something that is only shown or played.
	Media
	// Addresses is a list of URLs with spaces between them.
	Addresses
	// Sources is a list of URLs, each with a size, with commas between them.
	Sources
	// Script runs.
	Script
	// Document is read as HTML, in which scripts run.
	Document
)

var kinds = map[string]Kind{
	"action":      Address,
	"archive":     Addresses,
	"background":  Media,
	"cite":        Address,
	"classid":     Address,
	"codebase":    Address,
	"dynsrc":      Media,
	"formaction":  Address,
	"href":        Address,
	"imagesrcset": Sources,
	"longdesc":    Address,
	"lowsrc":      Media,
	"manifest":    Address,
	"ping":        Addresses,
	"poster":      Media,
	"src":         Address,
	"srcdoc":      Document,
	"srcset":      Sources,
	"xlink:href":  Address,
}

// Of returns what browsers do with an attribute of an element, "" for one of
// which nothing is known. Names are compared as browsers do, without regard to
// case.
func Of(element, name string) Kind {
	name = strings.ToLower(name)
	k, ok := kinds[name]
	switch {
	case name == "src" && showsOnly(element):
		return Media
	case ok:
		return k
	case strings.HasPrefix(name, "on"), strings.HasPrefix(name, "hx-on:"):
		return Script
	case name == "data" && strings.EqualFold(element, "object"):
		return Address
	}
	return Text
}

// showsOnly reports an element that shows or plays its src.
func showsOnly(element string) bool {
	switch strings.ToLower(element) {
	case "", "img", "audio", "video", "source", "track", "input":
		return true
	}
	return false
}

// Special reports whether an element gives an attribute another meaning than
// an element of which nothing is known.
func Special(element string) bool {
	switch strings.ToLower(element) {
	case "embed", "frame", "iframe", "object", "script":
		return true
	}
	return false
}

// Valid reports whether a name, escaped for HTML, stays one name: it cannot
// begin another attribute or end the tag.
func Valid(name string) bool {
	return name != "" && !strings.ContainsAny(name, " \t\n\f\r/=")
}

// Safe reports whether the value of an attribute that holds addresses can do no
// more than lead to pages: each is relative, or its scheme is one of a few that
// run nothing.
func Safe(kind Kind, value string) bool {
	switch kind {
	case Addresses:
		for _, url := range strings.Fields(value) {
			if !safeURL(url) {
				return false
			}
		}
		return true
	case Sources:
		for source := range strings.SplitSeq(value, ",") {
			url, _, _ := strings.Cut(strings.TrimLeft(source, " \t\r\n\f"), " ")
			if !safeURL(url) && !holdsMedia(url) {
				return false
			}
		}
		return true
	case Media:
		return safeURL(value) || holdsMedia(value)
	}
	return safeURL(value)
}

func safeURL(url string) bool {
	scheme, _, found := strings.Cut(url, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel", "ftp", "ftps":
		return true
	}
	return false
}

// holdsMedia reports an address that holds a picture, a sound or a film itself.
func holdsMedia(url string) bool {
	for _, start := range []string{"data:image/", "data:audio/", "data:video/"} {
		if len(url) >= len(start) && strings.EqualFold(url[:len(start)], start) {
			return true
		}
	}
	return false
}

// HoldsAddress reports whether the value of an attribute is one address or
// several.
func (k Kind) HoldsAddress() bool {
	return k == Address || k == Media || k == Addresses || k == Sources
}
