package pubsub

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// Versioned is for message types whose JSON has changed so much that nodes with
// the former program must not read it. What has another version than the type
// has here is counted and dropped, as what does not decode is.
type Versioned interface {
	// MessageVersion is a number that is the same for all values of the type. It
	// is asked of the zero value.
	MessageVersion() int
}

// codec is how messages of one type go from node to node.
type codec struct {
	is      reflect.Type
	name    string // with its package
	version uint64
	decode  func([]byte) (any, error)
	never   error // why it cannot go to other nodes at all
}

var codecs sync.Map // of reflect.Type to *codec; a program has as many as it has types

func codecOf[M any]() *codec {
	is := reflect.TypeFor[M]()
	if c, ok := codecs.Load(is); ok {
		return c.(*codec)
	}
	c := &codec{is: is, name: typeName(is), never: carriable(is)}
	if c.never == nil {
		var zero M
		c.version = versionOf(any(zero))
	}
	c.decode = func(text []byte) (any, error) {
		var m M
		if err := json.Unmarshal(text, &m); err != nil {
			return nil, err
		}
		return m, nil
	}
	kept, _ := codecs.LoadOrStore(is, c)
	return kept.(*codec)
}

// versionOf is a type's own version, 0 if it has none. A method that cannot
// stand its zero value has none.
func versionOf(zero any) (version uint64) {
	defer func() {
		if recover() != nil {
			version = 0
		}
	}()
	if v, ok := zero.(Versioned); ok {
		return uint64(v.MessageVersion())
	}
	return 0
}

// typeName is a type's name as all nodes of a program know it.
func typeName(is reflect.Type) string {
	if is.Name() != "" && is.PkgPath() != "" {
		return is.PkgPath() + "." + is.Name()
	}
	return is.String()
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()
)

// carriable is an error for types of which JSON would keep nothing.
func carriable(is reflect.Type) error {
	if is.Implements(jsonMarshaler) || is.Implements(textMarshaler) {
		return nil
	}
	t := is
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Interface:
		return fmt.Errorf("pubsub: messages of the type %s, an interface, cannot go to other nodes, which would not know what to decode: use a struct, or BroadcastLocal", is)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Errorf("pubsub: messages of the type %s cannot go to other nodes: use a struct, or BroadcastLocal", is)
	case reflect.Struct:
		if t.NumField() == 0 {
			return nil
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous {
				return nil
			}
		}
		return fmt.Errorf("pubsub: messages of the type %s would arrive empty at other nodes, since JSON has no unexported fields: export those that are to arrive, or use BroadcastLocal", is)
	}
	return nil
}
