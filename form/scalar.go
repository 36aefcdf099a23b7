package form

import (
	"bytes"
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// outcome is what became of one value.
type outcome uint8

const (
	missing outcome = iota // nothing came, or nothing was entered
	filled                 // the value is set
	failed                 // it did not fit, and that is noted
)

const (
	wantInt   = "a whole number"
	wantFloat = "a number"
)

// text sets v, a scalar, from text. Empty text is a value for strings and
// counts as nothing for all other types: an empty input has no number in it.
func (p *plan) text(v reflect.Value, text []byte, to *problems) outcome {
	switch p.kind {
	case kindString:
		v.SetString(validText(text))
		if len(text) == 0 {
			return missing
		}
		return filled
	case kindBytes:
		v.SetBytes([]byte(validText(text)))
		if len(text) == 0 {
			return missing
		}
		return filled
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return missing
	}
	want := p.want
	switch p.kind {
	case kindInt:
		n, ok := parseInt(text)
		if ok && !v.OverflowInt(n) {
			v.SetInt(n)
			return filled
		}
		want = p.wantRange(text)
	case kindUint:
		n, ok := parseUint(text)
		if ok && !v.OverflowUint(n) {
			v.SetUint(n)
			return filled
		}
		want = p.wantRange(text)
	case kindFloat:
		n, ok := parseFloat(text, p.typ.Bits())
		if ok {
			v.SetFloat(n)
			return filled
		}
	case kindBool:
		b, ok := parseBool(text)
		if ok {
			v.SetBool(b)
			return filled
		}
	case kindTime:
		t, ok := parseTime(text)
		if ok {
			v.Set(reflect.ValueOf(t))
			return filled
		}
	case kindDuration:
		d, ok := parseDuration(text)
		if ok {
			v.SetInt(int64(d))
			return filled
		}
	case kindText:
		err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(bytes.Clone(text))
		if err == nil {
			return filled
		}
		to.add(shorten(text), err.Error())
		return failed
	}
	to.mismatch(want, text)
	return failed
}

// wantRange is the expectation of an integer type, with its range when the
// text is a number that is too large or too small.
func (p *plan) wantRange(text []byte) string {
	digits := bytes.TrimLeft(text, "+-")
	if len(digits) == 0 || len(text)-len(digits) > 1 || len(bytes.Trim(digits, "0123456789")) > 0 {
		return p.want
	}
	bits := p.typ.Bits()
	if p.kind == kindUint {
		return fmt.Sprintf("%s from 0 to %d", p.want, uint64(math.MaxUint64)>>(64-bits))
	}
	return fmt.Sprintf("%s from %d to %d", p.want, int64(math.MinInt64)>>(64-bits), int64(math.MaxInt64)>>(64-bits))
}

// validText is text as a string; bytes that are no UTF-8 become U+FFFD, so
// that what goes back to a browser can be shown.
func validText(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	return string(appendValid(make([]byte, 0, len(text)+8), text))
}

// appendValid appends text with U+FFFD for each byte that is no UTF-8.
func appendValid(dst, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		dst = utf8.AppendRune(dst, r)
		text = text[n:]
	}
	return dst
}

// parseInt reads a decimal number with an optional sign.
func parseInt(text []byte) (int64, bool) {
	negative := false
	switch text[0] {
	case '-':
		negative, text = true, text[1:]
	case '+':
		text = text[1:]
	}
	n, ok := parseDigits(text)
	switch {
	case !ok:
		return 0, false
	case negative:
		return -int64(n), n <= -math.MinInt64
	}
	return int64(n), n <= math.MaxInt64
}

// parseUint reads a decimal number with an optional plus sign.
func parseUint(text []byte) (uint64, bool) {
	if text[0] == '+' {
		text = text[1:]
	}
	return parseDigits(text)
}

func parseDigits(text []byte) (uint64, bool) {
	if len(text) == 0 {
		return 0, false
	}
	var n uint64
	for _, c := range text {
		c -= '0'
		if c > 9 || n > math.MaxUint64/10 {
			return 0, false
		}
		next := n*10 + uint64(c)
		if next < n*10 {
			return 0, false
		}
		n = next
	}
	return n, true
}

// parseFloat reads a decimal number; the words and the hexadecimal forms that
// strconv also takes are refused.
func parseFloat(text []byte, bits int) (float64, bool) {
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(string(text), bits)
	return n, err == nil
}

// parseBool reads what checkboxes and attributes say.
func parseBool(text []byte) (value, ok bool) {
	switch string(text) {
	case "true", "on", "1", "yes":
		return true, true
	case "false", "off", "0", "no":
		return false, true
	}
	return false, false
}
