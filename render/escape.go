package render

import "unicode/utf8"

// escapes holds for every byte what takes its place, "" for itself. Bytes from
// 0x80 on are marked in the tables for JSON because they may be no UTF-8.
type escapes [256]string

const checkUTF8 = "\x00"

var (
	htmlEscapes = makeEscapes(true, false) // text for HTML
	jsonEscapes = makeEscapes(false, true) // HTML for a JSON string
	bothEscapes = makeEscapes(true, true)  // text for HTML in a JSON string
)

func makeEscapes(html, json bool) *escapes {
	const hex = "0123456789abcdef"
	var e escapes
	if json {
		for c := range 0x20 {
			e[c] = `\u00` + string(hex[c>>4]) + string(hex[c&15])
		}
		e['\n'], e['\r'], e['\t'] = `\n`, `\r`, `\t`
		e['"'], e['\\'] = `\"`, `\\`
		for c := utf8.RuneSelf; c < len(e); c++ {
			e[c] = checkUTF8
		}
	}
	if html { // the same five as templ, which leaves no quote for JSON
		e['&'], e['<'], e['>'], e['"'], e['\''] = "&amp;", "&lt;", "&gt;", "&#34;", "&#39;"
	}
	return &e
}

// appendHTML appends text as templ.EscapeString writes it.
func appendHTML[T string | []byte](dst []byte, s T) []byte {
	return appendEscaped(dst, s, htmlEscapes)
}

// appendJSON appends HTML as the inside of a JSON string.
func appendJSON[T string | []byte](dst []byte, s T) []byte {
	return appendEscaped(dst, s, jsonEscapes)
}

// appendHTMLJSON appends text as the inside of a JSON string that holds HTML.
func appendHTMLJSON[T string | []byte](dst []byte, s T) []byte {
	return appendEscaped(dst, s, bothEscapes)
}

// appendEscaped appends s with every byte replaced as the table says. A byte
// that belongs to no character becomes U+FFFD where the table asks for UTF-8:
// a browser closes the socket over a message with such a byte.
func appendEscaped[T string | []byte](dst []byte, s T, table *escapes) []byte {
	from := 0
	for i := 0; i < len(s); {
		esc := table[s[i]]
		if esc == "" {
			i++
			continue
		}
		size := 1
		if esc == checkUTF8 {
			var r rune
			r, size = decodeRune(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			esc = "\uFFFD"
		}
		dst = append(dst, s[from:i]...)
		dst = append(dst, esc...)
		i += size
		from = i
	}
	return append(dst, s[from:]...)
}

func decodeRune[T string | []byte](s T) (rune, int) {
	switch s := any(s).(type) {
	case string:
		return utf8.DecodeRuneInString(s)
	case []byte:
		return utf8.DecodeRune(s)
	}
	return utf8.RuneError, 1
}
