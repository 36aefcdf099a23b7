package wire

import "math"

// Object calls f for each member of the JSON object raw, in order, with its key
// and the text of its value; both are parts of raw unless the key has escape
// sequences. An error of f ends the walk and is returned. A key that comes
// twice is reported twice; as everywhere, the last one counts.
//
// Raw may be any bytes: it is checked on the way. The value is complete and
// well-formed when f sees it, but what follows may still turn out wrong.
func Object(raw []byte, f func(key, value []byte) error) error {
	m := members{scanner: scanner{data: raw}}
	for {
		key, value, more := m.next()
		if !more {
			return m.err
		}
		if err := f(key, value); err != nil {
			return err
		}
	}
}

// members reads the members of a text that is one object.
type members struct {
	scanner
	started bool
}

// next is the next member; more is false after the last one and on an error.
func (m *members) next() (key, value []byte, more bool) {
	switch {
	case !m.started:
		m.started = true
		if !m.take('{', "an object") {
			return nil, nil, false
		}
		if m.peek() == '}' {
			m.pos++
			m.end()
			return nil, nil, false
		}
	case m.peek() == ',':
		m.pos++
	default:
		m.take('}', "a comma or the end of the object")
		m.end()
		return nil, nil, false
	}
	key = m.text("a key")
	m.take(':', "a colon")
	m.peek()
	value = m.value(1)
	return key, value, m.err == nil
}

// String decodes a JSON string; ok is false for any other value.
func String(raw []byte) (v string, ok bool) {
	s := scanner{data: raw}
	text := s.text("a string")
	s.end()
	return string(text), s.err == nil
}

// Int decodes a JSON number that is written as an integer and fits an int; ok
// is false for any other value.
func Int(raw []byte) (v int, ok bool) {
	digits := raw
	negative := len(raw) > 0 && raw[0] == '-'
	if negative {
		digits = raw[1:]
	}
	if len(digits) == 0 || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	for _, c := range digits {
		d := int(c - '0')
		if d > 9 || v < (math.MinInt+d)/10 {
			return 0, false
		}
		v = v*10 - d // towards MinInt, which has no positive counterpart
	}
	if negative {
		return v, true
	}
	if v == math.MinInt {
		return 0, false
	}
	return -v, true
}
