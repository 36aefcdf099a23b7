package paths

import (
	"go/token"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A part is a segment of a path: a text, or a named part.
type part struct {
	text string // decoded; the name of a named part
	kind partKind
}

type partKind uint8

const (
	plain partKind = iota
	param          // {id}
	rest           // {path...}
)

// parts are the segments of a path.
func parts(path string) []part {
	var all []part
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		name, braced := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case !braced || !closed:
			if text, err := url.PathUnescape(segment); err == nil {
				segment = text
			}
			all = append(all, part{segment, plain})
		case strings.HasSuffix(name, "..."):
			all = append(all, part{strings.TrimSuffix(name, "..."), rest})
		default:
			all = append(all, part{name, param})
		}
	}
	return all
}

// shape tells paths apart by what helpers do with them: the names of named parts
// do not count.
func shape(path string) string {
	var b strings.Builder
	for _, p := range parts(path) {
		b.WriteByte('/')
		switch p.kind {
		case plain:
			b.WriteString(url.PathEscape(p.text))
		case param:
			b.WriteString("{}")
		case rest:
			b.WriteString("{...}")
		}
	}
	return b.String()
}

// rootHelper is the helper of "/".
const rootHelper = "Root"

// helperName is the name that a path gives its helper: its words, each with a
// capital. A word before a named part is in the singular; when it has none, or
// there is no word, the name of the part is added:
//
//	/                      Root
//	/posts                 Posts
//	/posts/{id}            Post
//	/posts/{id}/edit       PostEdit
//	/music/{album}         MusicAlbum
//	/{user}/{repo}         UserRepo
//	/static/{path...}      Static
func helperName(path string) string {
	all := parts(path)
	var b strings.Builder
	for i, p := range all {
		next := partKind(plain)
		if i+1 < len(all) {
			next = all[i+1].kind
		}
		switch p.kind {
		case plain:
			text := p.text
			if next == param {
				text = singular(text)
			}
			b.WriteString(camel(text))
		case param:
			if i == 0 || all[i-1].kind != plain || singular(all[i-1].text) == all[i-1].text {
				b.WriteString(camel(p.text))
			}
		case rest:
			if i == 0 {
				b.WriteString(camel(p.text))
			}
		}
	}
	name := b.String()
	if name == "" {
		return rootHelper
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		name = "Path" + name // a digit, or a letter that has no capital
	}
	return name
}

// singular is a word without the ending of its plural, the word itself when it
// has none.
func singular(word string) string {
	switch {
	case hasSuffix(word, "series", "species"):
		return word
	case hasSuffix(word, "movies", "cookies"):
		return strings.TrimSuffix(word, "s")
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case hasSuffix(word, "sses", "shes", "ches", "xes", "zes"):
		return strings.TrimSuffix(word, "es")
	case len(word) < 3, hasSuffix(word, "ss", "us", "is", "news"), !strings.HasSuffix(word, "s"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

func hasSuffix(word string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(word, e) })
}

// initialisms are written in capitals.
var initialisms = []string{"api", "css", "csv", "html", "http", "id", "ip", "js", "json", "pdf", "rss", "sql", "svg", "ui", "url", "uuid", "xml"}

// camel puts the words of a segment together.
func camel(text string) string {
	var b strings.Builder
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		if slices.Contains(initialisms, word) {
			b.WriteString(strings.ToUpper(word))
			continue
		}
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	return b.String()
}

// argument is the Go name of a named part, which no other name of the helper's
// code is.
func argument(name string) string {
	switch {
	case token.IsKeyword(name), name == "query", name == "route", name == "app", name == "_":
		return name + "Value"
	}
	return name
}
