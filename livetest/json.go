package livetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// object and number are how JSON from the wire is kept.
type (
	object = map[string]any
	number json.Number
)

func (n number) String() string { return string(n) }

// int is the number as an int, if it is a whole one.
func (n number) int() (int, bool) {
	i, err := strconv.Atoi(string(n))
	return i, err == nil
}

func isNumber(v any, want string) bool {
	n, ok := v.(number)
	return ok && string(n) == want
}

// member is a member of an object, and whether it is there; the error says
// that it is of another type.
func member[T any](o object, key string) (value T, ok bool, err error) {
	v, ok := o[key]
	if !ok {
		return value, false, nil
	}
	value, ok = v.(T)
	if !ok {
		return value, false, fmt.Errorf("%s is %v, want a %T", key, v, value)
	}
	return value, true, nil
}

// parseJSON parses one JSON value. Unlike encoding/json it refuses bytes that
// are no UTF-8, at which a browser closes the socket, and objects that have a
// key twice, of which JavaScript drops the first.
func parseJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("no UTF-8: %q", text)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return v, nil
}

func parseValue(d *json.Decoder) (any, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Number:
		return number(tok), nil
	case json.Delim:
		if tok == '[' {
			return parseList(d)
		}
		return parseObject(d)
	}
	return tok, nil
}

func parseList(d *json.Decoder) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func parseObject(d *json.Decoder) (any, error) {
	o := object{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := parseValue(d)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(key)
		if _, twice := o[name]; twice {
			return nil, fmt.Errorf("the key %q comes twice in one object", name)
		}
		o[name] = v
	}
	_, err := d.Token()
	return o, err
}

// encode is v as JSON the way JavaScript writes it: & < > stay what they are.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// orderedObject is a JSON object whose members keep their order.
type orderedObject struct {
	names  []string
	values map[string]json.RawMessage
	err    error
}

// set gives a member a value; one that is there keeps its place.
func (o *orderedObject) set(name string, value any) {
	text, err := encode(value)
	if o.err == nil {
		o.err = err
	}
	if o.values == nil {
		o.values = map[string]json.RawMessage{}
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = text
}

func (o *orderedObject) remove(name string) {
	delete(o.values, name)
	o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
}

func (o *orderedObject) bytes() (json.RawMessage, error) {
	text := []byte{'{'}
	for i, name := range o.names {
		key, err := encode(name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, key...), ':'), o.values[name]...)
	}
	return append(text, '}'), o.err
}
