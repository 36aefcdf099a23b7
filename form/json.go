package form

import (
	"bytes"
	"reflect"
)

// jsonReader decodes one JSON text into one value.
type jsonReader struct {
	scanner
	problems
}

func decodeJSON(p *plan, data []byte, v reflect.Value) error {
	r := jsonReader{scanner: scanner{data: data}}
	o, err := r.value(p, v)
	if err != nil {
		return err
	}
	if o == missing && p.kind == kindStruct {
		p.obj.missing(0, &r.problems) // null lacks all that is required
	}
	if err := r.end(); err != nil {
		return err
	}
	return r.err()
}

// value decodes the next value into v, as p says. Null counts as missing.
func (r *jsonReader) value(p *plan, v reflect.Value) (outcome, error) {
	c := r.peek()
	switch p.kind {
	case kindPointer:
		if c != 'n' {
			return r.pointer(p, v)
		}
	case kindRaw:
		return r.raw(v)
	case kindAny:
		if c != 'n' {
			return r.any(v)
		}
	}
	if err := r.count(); err != nil {
		return failed, err
	}
	switch {
	case c == '"':
		text, err := r.text()
		if err != nil {
			return failed, err
		}
		return r.scalar(p, v, text), nil
	case c == '{':
		return r.object(p, v)
	case c == '[':
		return r.list(p, v)
	case c == '-', '0' <= c && c <= '9':
		text, err := r.number()
		if err != nil {
			return failed, err
		}
		return r.scalar(p, v, text), nil
	}
	word, err := r.word()
	if err != nil {
		return failed, err
	}
	if c == 'n' {
		return missing, nil
	}
	return r.scalar(p, v, word), nil
}

// scalar sets v from the text of a string, a number, true or false.
func (r *jsonReader) scalar(p *plan, v reflect.Value, text []byte) outcome {
	if !p.kind.scalar() {
		r.mismatch(p.want, text)
		return failed
	}
	return p.text(v, text, &r.problems)
}

// pointer decodes into a new value and points to it if anything came.
func (r *jsonReader) pointer(p *plan, v reflect.Value) (outcome, error) {
	e := reflect.New(p.elem.typ)
	o, err := r.value(p.elem, e.Elem())
	if o == filled || o == missing && p.elem.kind == kindString {
		v.Set(e)
	}
	return o, err
}

// raw keeps the JSON text of any value.
func (r *jsonReader) raw(v reflect.Value) (outcome, error) {
	start := r.pos
	if err := r.skip(); err != nil {
		return failed, err
	}
	text := r.data[start:r.pos]
	v.SetBytes(bytes.Clone(text))
	if string(text) == "null" {
		return missing, nil
	}
	return filled, nil
}

// object decodes the members of an object.
func (r *jsonReader) object(p *plan, v reflect.Value) (outcome, error) {
	switch p.kind {
	case kindStruct:
		return r.members(p, v)
	case kindMap:
		return r.entries(p, v)
	}
	r.misplaced(p.want, "an object")
	return failed, r.skipAll('{')
}

// members decodes an object into a struct.
func (r *jsonReader) members(p *plan, v reflect.Value) (outcome, error) {
	if err := r.enter(); err != nil {
		return failed, err
	}
	var seen uint64
	for n := 0; ; n++ {
		more, err := r.next('}', n == 0)
		if err != nil {
			return failed, err
		}
		if !more {
			break
		}
		if n == maxKeys {
			return failed, errTooMany("keys in an object", maxKeys)
		}
		key, err := r.key()
		if err != nil {
			return failed, err
		}
		f := p.obj.lookup(key)
		if f == nil {
			if err := r.skip(); err != nil {
				return failed, err
			}
			continue
		}
		mark := len(r.errs)
		o, err := r.value(f.plan, f.of(v))
		if err != nil {
			return failed, err
		}
		if len(r.errs) > mark {
			r.inside(key, mark)
		}
		if o != missing {
			seen |= f.required
		}
	}
	r.leave()
	if p.obj.required > 0 {
		p.obj.missing(seen, &r.problems)
	}
	return filled, nil
}

// entries decodes an object into a map.
func (r *jsonReader) entries(p *plan, v reflect.Value) (outcome, error) {
	if err := r.enter(); err != nil {
		return failed, err
	}
	m := reflect.MakeMap(p.typ)
	v.Set(m)
	for n := 0; ; n++ {
		more, err := r.next('}', n == 0)
		if err != nil {
			return failed, err
		}
		if !more {
			break
		}
		if n == maxKeys {
			return failed, errTooMany("keys in an object", maxKeys)
		}
		key, err := r.key()
		if err != nil {
			return failed, err
		}
		e := reflect.New(p.elem.typ).Elem()
		mark := len(r.errs)
		o, err := r.value(p.elem, e)
		if err != nil {
			return failed, err
		}
		r.inside(key, mark)
		if o != failed {
			m.SetMapIndex(mapKey(p.typ, key), e)
		}
	}
	r.leave()
	return some(m.Len()), nil
}

// list decodes a list into a slice or an array.
func (r *jsonReader) list(p *plan, v reflect.Value) (outcome, error) {
	if p.kind != kindList && p.kind != kindArray {
		r.misplaced(p.want, "a list")
		return failed, r.skipAll('[')
	}
	if err := r.enter(); err != nil {
		return failed, err
	}
	v.SetZero()
	if p.kind == kindList {
		v.Set(reflect.MakeSlice(p.typ, 0, 0))
	}
	n, surplus := 0, 0
	for ; ; n++ {
		more, err := r.next(']', n == 0)
		if err != nil {
			return failed, err
		}
		if !more {
			break
		}
		if n == maxItems {
			return failed, errTooMany("items in a list", maxItems)
		}
		if p.kind == kindArray && n >= v.Len() {
			surplus++
			if err := r.skip(); err != nil {
				return failed, err
			}
			continue
		}
		if p.kind == kindList {
			lengthen(v)
		}
		mark := len(r.errs)
		if _, err := r.value(p.elem, v.Index(n)); err != nil {
			return failed, err
		}
		r.insideItem(n, mark)
	}
	r.leave()
	if surplus > 0 {
		r.tooLong(p, n)
		return failed, nil
	}
	return some(n), nil
}
