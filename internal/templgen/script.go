package templgen

import "strings"

// A templateLiteral follows JavaScript as far as it takes to tell the text of a
// template literal from the code in its ${ }. templ's parser does not, and
// would write a value there without quotes.
type templateLiteral struct {
	quote byte // of the literal that is open, 0 for none
	depth int  // of braces in ${ }
}

// inCode reports whether what follows is code inside a template literal.
func (l *templateLiteral) inCode() bool { return l.quote == '`' && l.depth > 0 }

// follow takes over what templ's parser knows, which has read more than this.
func (l *templateLiteral) follow(inside bool) {
	if !inside {
		*l = templateLiteral{}
	}
}

// read goes on with constant JavaScript.
func (l *templateLiteral) read(js string) {
	if l.quote == 0 && (strings.HasPrefix(js, "//") || strings.HasPrefix(js, "/*")) {
		return // the parser gives comments on their own
	}
	for i := 0; i < len(js); i++ {
		c := js[i]
		switch {
		case c == '\\':
			i++
		case l.depth > 0 && isQuote(c):
			i += closing(js[i+1:], c) + 1
		case l.depth > 0:
			l.depth += braces(c)
		case l.quote == '`' && strings.HasPrefix(js[i:], "${"):
			l.depth = 1
			i++
		case l.quote == c:
			l.quote = 0
		case l.quote == 0 && isQuote(c):
			l.quote = c
		}
	}
}

func braces(c byte) int {
	switch c {
	case '{':
		return 1
	case '}':
		return -1
	}
	return 0
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// closing returns where a literal ends that begins before js.
func closing(js string, quote byte) int {
	for i := 0; i < len(js); i++ {
		switch js[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return len(js)
}
