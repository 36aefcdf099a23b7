package form

import (
	"fmt"
	"reflect"
	"strconv"
)

// any decodes the next value into an interface: text to string, numbers to
// float64, true and false to bool, lists to []any, objects to map[string]any.
func (r *jsonReader) any(v reflect.Value) (outcome, error) {
	x, err := r.untyped()
	if err != nil {
		return failed, err
	}
	v.Set(reflect.ValueOf(&x).Elem())
	if x == nil {
		return missing, nil
	}
	return filled, nil
}

func (r *jsonReader) untyped() (any, error) {
	if err := r.count(); err != nil {
		return nil, err
	}
	switch c := r.peek(); {
	case c == '"':
		text, err := r.text()
		return string(text), err
	case c == '{':
		return r.untypedObject()
	case c == '[':
		return r.untypedList()
	case c == '-', '0' <= c && c <= '9':
		text, err := r.number()
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			r.mismatch(wantFloat, text)
			return nil, nil
		}
		return n, nil
	}
	word, err := r.word()
	if err != nil || word[0] == 'n' {
		return nil, err
	}
	return word[0] == 't', nil
}

func (r *jsonReader) untypedObject() (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	m := map[string]any{}
	for n := 0; ; n++ {
		more, err := r.next('}', n == 0)
		if err != nil {
			return nil, err
		}
		if !more {
			r.leave()
			return m, nil
		}
		if n == maxKeys {
			return nil, errTooMany("keys in an object", maxKeys)
		}
		key, err := r.key()
		if err != nil {
			return nil, err
		}
		name := string(key)
		mark := len(r.errs)
		if m[name], err = r.untyped(); err != nil {
			return nil, err
		}
		r.inside(key, mark)
	}
}

func (r *jsonReader) untypedList() (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	list := []any{}
	for n := 0; ; n++ {
		more, err := r.next(']', n == 0)
		if err != nil {
			return nil, err
		}
		if !more {
			r.leave()
			return list, nil
		}
		if n == maxItems {
			return nil, errTooMany("items in a list", maxItems)
		}
		mark := len(r.errs)
		x, err := r.untyped()
		if err != nil {
			return nil, err
		}
		r.insideItem(n, mark)
		list = append(list, x)
	}
}

// some is the outcome of a list or a map of n items.
func some(n int) outcome {
	if n == 0 {
		return missing
	}
	return filled
}

// lengthen adds a zero item to the slice v.
func lengthen(v reflect.Value) {
	n := v.Len()
	if n == v.Cap() {
		v.Grow(1)
	}
	v.SetLen(n + 1)
	v.Index(n).SetZero()
}

// mapKey is text as a key of a map of type t, whose keys are strings.
func mapKey(t reflect.Type, text []byte) reflect.Value {
	key := reflect.ValueOf(validText(text))
	if kt := t.Key(); kt != key.Type() {
		return key.Convert(kt)
	}
	return key
}

// tooLong notes that n items came for an array.
func (p *problems) tooLong(of *plan, n int) {
	p.misplaced(of.want, fmt.Sprintf("%d items", n))
}
