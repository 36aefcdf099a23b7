package form

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

func decodeQuery(p *plan, query string, v reflect.Value) error {
	t := newTree(min(strings.Count(query, "&")+1, maxKeys))
	if err := eachPair([]byte(query), t.add); err != nil {
		return err
	}
	return t.decode(p, v)
}

func decodeValues(p *plan, values url.Values, v reflect.Value) error {
	t := newTree(min(len(values), maxKeys))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if err := t.add([]byte(name), []byte(value)); err != nil {
				return err
			}
		}
	}
	return t.decode(p, v)
}

// eachPair reads application/x-www-form-urlencoded text as net/url does: pairs
// divided by &, where a semicolon or a broken escape is an error. The text is
// decoded in its place; the names and values that add gets are parts of it.
func eachPair(text []byte, add func(name, value []byte) error) error {
	for len(text) > 0 {
		var pair []byte
		pair, text, _ = bytes.Cut(text, []byte("&"))
		if len(pair) == 0 {
			continue
		}
		if bytes.IndexByte(pair, ';') >= 0 {
			return fmt.Errorf("form: %q: a semicolon in URL-encoded text: %w", shorten(pair), ErrSyntax)
		}
		name, value, _ := bytes.Cut(pair, []byte("="))
		name, err := unescape(name)
		if err != nil {
			return err
		}
		if value, err = unescape(value); err != nil {
			return err
		}
		if err := add(name, value); err != nil {
			return err
		}
	}
	return nil
}

// unescape decodes %41 and + in place.
func unescape(text []byte) ([]byte, error) {
	if bytes.IndexByte(text, '%') < 0 && bytes.IndexByte(text, '+') < 0 {
		return text, nil
	}
	out := text[:0]
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if i+2 >= len(text) {
				return nil, fmt.Errorf("form: %q: an escape without two digits: %w", shorten(text[i:]), ErrSyntax)
			}
			high, ok := unhex(text[i+1])
			low, ok2 := unhex(text[i+2])
			if !ok || !ok2 {
				return nil, fmt.Errorf("form: %q: an escape without two hexadecimal digits: %w", shorten(text[i:i+3]), ErrSyntax)
			}
			c = high<<4 | low
			i += 2
		}
		out = append(out, c)
	}
	return out, nil
}
