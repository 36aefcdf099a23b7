package home

import (
	_ "embed"
	"html"
	"strings"
	"text/scanner"
)

var (
	//go:embed counter.go
	counterGo string
	//go:embed counter.templ
	counterTempl string
)

// The front page's listings, each with its colours as markup.
var (
	goListing    = listing(from(counterGo, "type Counter"))
	templListing = listing(from(counterTempl, "templ "))
	routeListing = listing(`app.Live("/", func() live.View { return new(Counter) })`)
)

// from is the part of a source that begins with start.
func from(source, start string) string {
	_, rest, _ := strings.Cut(source, "\n"+start)
	return strings.TrimSpace(start + rest)
}

// listing is a source as an element. It can be focused, because on a narrow
// screen it scrolls sideways.
func listing(source string) string {
	return `<pre tabindex="0"><code>` + colour(source) + `</code></pre>`
}

var keywords = map[string]bool{
	"func": true, "int": true, "error": true, "map": true, "new": true, "nil": true,
	"package": true, "return": true, "string": true, "struct": true, "templ": true, "type": true,
}

// colour turns Go or templ source into HTML in which comments, strings,
// keywords and the names of elements are marked: <i class="tok-k">func</i>.
// It goes by the look of words, which is enough for the listings here; the text
// is the source's, whatever the marks.
func colour(source string) string {
	var s scanner.Scanner
	s.Init(strings.NewReader(source))
	s.Mode = scanner.ScanIdents | scanner.ScanStrings | scanner.ScanComments
	s.Whitespace = 0
	s.Error = func(*scanner.Scanner, string) {} // half a string is shown as it is

	var b strings.Builder
	before := "" // the last token that is no space
	for t := s.Scan(); t != scanner.EOF; t = s.Scan() {
		text := s.TokenText()
		class := ""
		switch {
		case t == scanner.Comment:
			class = "tok-c"
		case t == scanner.String:
			class = "tok-s"
		case t == scanner.Ident && (before == "<" || before == "/"):
			class = "tok-t"
		case t == scanner.Ident && keywords[text]:
			class = "tok-k"
		}
		if strings.TrimSpace(text) != "" {
			before = text
		}
		if class == "" {
			b.WriteString(html.EscapeString(text))
			continue
		}
		b.WriteString(`<i class="` + class + `">` + html.EscapeString(text) + `</i>`)
	}
	return b.String()
}
