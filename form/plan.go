package form

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// plan is how values of one type are decoded. Types are examined when a plan is
// made, once; decoding follows the plan and sets fields by their index through
// reflect.Value. Setting through unsafe offsets would save some nanoseconds an
// event and cost the checks that keep memory whole; it was not worth it.
type plan struct {
	kind kind
	typ  reflect.Type
	elem *plan   // of pointers, lists, arrays, maps
	obj  *object // of structs
	want string  // what is expected, in words for people
}

// kind says which way of decoding a type takes.
type kind uint8

const (
	kindString kind = iota + 1
	kindBytes
	kindBool
	kindInt
	kindUint
	kindFloat
	kindTime
	kindDuration
	kindText // encoding.TextUnmarshaler
	kindRaw  // json.RawMessage
	kindAny
	kindPointer
	kindList
	kindArray
	kindMap
	kindStruct
)

// scalar reports whether a single text can fill the type.
func (k kind) scalar() bool { return k <= kindText }

var (
	timeType        = reflect.TypeFor[time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
	rawType         = reflect.TypeFor[json.RawMessage]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// plans are the plans made so far, *plan by type. Only whole plans get in.
var plans sync.Map

// planFor is the plan for t, made at the first call.
func planFor(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	c := compiler{made: map[reflect.Type]*plan{}}
	p, err := c.plan(t, t.String())
	if err != nil {
		return nil, err
	}
	for t, p := range c.made {
		plans.LoadOrStore(t, p)
	}
	return p, nil
}

// compiler makes the plan of a type and of all types in it. A type that
// contains itself finds its own unfinished plan in made.
type compiler struct{ made map[reflect.Type]*plan }

// plan makes the plan for t; at is how the code that uses it would be found,
// "web.step.Number".
func (c *compiler) plan(t reflect.Type, at string) (*plan, error) {
	if p, ok := c.made[t]; ok {
		return p, nil
	}
	p := &plan{typ: t}
	c.made[t] = p
	if p.leaf() {
		return p, nil
	}
	var err error
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Pointer {
			return nil, unsupported(t, at)
		}
		p.kind = kindPointer
		if p.elem, err = c.plan(t.Elem(), at); err == nil {
			p.want = p.elem.want
		}
	case reflect.Slice:
		p.kind, p.want = kindList, "a list"
		p.elem, err = c.plan(t.Elem(), at+"[]")
	case reflect.Array:
		p.kind, p.want = kindArray, fmt.Sprintf("a list of at most %d", t.Len())
		p.elem, err = c.plan(t.Elem(), at+"[]")
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, unsupported(t, at)
		}
		p.kind, p.want = kindMap, "an object"
		p.elem, err = c.plan(t.Elem(), at+"[]")
	case reflect.Struct:
		p.kind, p.want = kindStruct, "an object"
		p.obj = new(object)
		err = c.object(p.obj, t, at)
	default:
		return nil, unsupported(t, at)
	}
	return p, err
}

// leaf fills in a plan for a type without parts of its own, if it is one.
func (p *plan) leaf() bool {
	t := p.typ
	switch {
	case t == timeType:
		p.kind, p.want = kindTime, wantTime
		return true
	case t == durationType:
		p.kind, p.want = kindDuration, wantDuration
		return true
	case t == rawType:
		p.kind, p.want = kindRaw, "a JSON value"
		return true
	case t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(unmarshalerType):
		p.kind, p.want = kindText, "text"
		return true
	}
	switch t.Kind() {
	case reflect.String:
		p.kind, p.want = kindString, "text"
	case reflect.Bool:
		p.kind, p.want = kindBool, "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.kind, p.want = kindInt, wantInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.kind, p.want = kindUint, wantInt
	case reflect.Float32, reflect.Float64:
		p.kind, p.want = kindFloat, wantFloat
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return false
		}
		p.kind, p.want = kindAny, "a value"
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 || reflect.PointerTo(t.Elem()).Implements(unmarshalerType) {
			return false
		}
		p.kind, p.want = kindBytes, "text"
	default:
		return false
	}
	return true
}

func unsupported(t reflect.Type, at string) error {
	return fmt.Errorf("form: %s: nothing that a browser sends can be decoded into a %s; "+
		"use text, numbers, bool, time.Time, a type with UnmarshalText, or structs, slices and map[string]T of them, "+
		"or leave the field out with the tag `form:\"-\"`", at, t)
}
