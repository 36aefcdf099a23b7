package channel

import (
	"errors"
	"fmt"
	"reflect"
)

// optionalMethod is a method that the runtime looks for on a channel.
type optionalMethod struct {
	name string
	want reflect.Type
	sig  string
}

var optionalMethods = []optionalMethod{
	{"Events", reflect.TypeFor[EventHandler](), "Events() channel.Events"},
	{"Intercepts", reflect.TypeFor[Interceptor](), "Intercepts() channel.Intercepts"},
	{"Terminate", reflect.TypeFor[Terminator](), "Terminate(*channel.Socket, live.Reason)"},
}

// checkFactory makes two channels to look at their type. A factory that cannot
// do without a user, and panics, is looked at with the first that joins.
func checkFactory[U any](factory func(U) Channel) (err error) {
	defer func() {
		if recover() != nil {
			err = nil
		}
	}()
	var nobody U
	c := factory(nobody)
	if err := checkChannel(c); err != nil {
		return err
	}
	v, w := reflect.ValueOf(c), reflect.ValueOf(factory(nobody))
	if v.Kind() == reflect.Pointer && v.Type() == w.Type() && v.Type().Elem().Size() > 0 && v.Pointer() == w.Pointer() {
		return fmt.Errorf("the factory returns the same %s each time, which all clients would share; make a new one in it, as in return new(%[1]s)", typeName(c))
	}
	return nil
}

// checkChannel reports a nil channel, and a method that has the name of an
// optional one but not its signature, and so would never be called.
func checkChannel(c Channel) error {
	if c == nil {
		return errors.New("the factory returned nil, want a new channel, as in return new(Room)")
	}
	t := reflect.TypeOf(c)
	for _, o := range optionalMethods {
		if m, ok := t.MethodByName(o.name); ok && !t.Implements(o.want) {
			return fmt.Errorf("%s has a method %s with the wrong signature: want %s, found %s", typeName(c), m.Name, o.sig, m.Type)
		}
		if _, ok := reflect.PointerTo(t).MethodByName(o.name); ok && t.Kind() != reflect.Pointer && !t.Implements(o.want) {
			return fmt.Errorf("the method %s of %s has a pointer receiver and would never be called; the factory must return a pointer, as in return new(%[2]s)", o.name, typeName(c))
		}
	}
	return nil
}

// typeName is a channel's type as logs show it.
func typeName(c Channel) string {
	t := reflect.TypeOf(c)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "nil"
	}
	return t.String()
}
