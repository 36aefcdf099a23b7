package live

import (
	"fmt"
	"reflect"
	"sync"

	"bennu/render"
)

// optionalMethod is a method that the runtime looks for on a view.
type optionalMethod struct {
	name string
	want reflect.Type
	sig  string
}

var viewMethods = []optionalMethod{
	{"Mount", reflect.TypeFor[Mounter](), "Mount(*live.Socket, live.Params) error"},
	{"Connect", reflect.TypeFor[Connector](), "Connect(*live.Socket) error"},
	{"Container", reflect.TypeFor[Contained](), "Container() live.Container"},
	{"HandleParams", reflect.TypeFor[ParamsHandler](), "HandleParams(*live.Socket, live.Params) error"},
	{"Events", reflect.TypeFor[EventHandler](), "Events() live.Events"},
	{"Terminate", reflect.TypeFor[Terminator](), "Terminate(*live.Socket, live.Reason)"},
}

var componentMethods = []optionalMethod{
	{"Mount", reflect.TypeFor[ComponentMounter](), "Mount(*live.Socket) error"},
	{"Update", reflect.TypeFor[Updater](), "Update(*live.Socket) error"},
	{"Events", reflect.TypeFor[EventHandler](), "Events() live.Events"},
	{"Terminate", reflect.TypeFor[Terminator](), "Terminate(*live.Socket, live.Reason)"},
}

// Check reports what is wrong with the type of a view: a nil view, or a method
// that has the name of an optional one but not its signature, or is one of the
// pointer to it, and so would never be called. Routers call it once, when a view
// is registered.
func Check(v View) error {
	if v == nil {
		return fmt.Errorf("live: the view is nil; the factory must return a new view, as in func() live.View { return new(Counter) }")
	}
	t := reflect.TypeOf(v)
	if err := checkMethods(t, viewMethods); err != nil {
		return err
	}
	if _, err := ContainerOf(v); err != nil {
		return fmt.Errorf("live: %s: %w", TypeName(v), err)
	}
	if t.Kind() == reflect.Pointer {
		return nil
	}
	for _, o := range viewMethods {
		if _, ok := reflect.PointerTo(t).MethodByName(o.name); ok && !t.Implements(o.want) {
			return fmt.Errorf("live: the view is a %s, whose method %s has a pointer receiver and would never be called; "+
				"the factory must return a pointer, as in func() live.View { return new(%s) }", t, o.name, t)
		}
	}
	return nil
}

// checkMethods reports a method with the wrong signature.
func checkMethods(t reflect.Type, methods []optionalMethod) error {
	for _, o := range methods {
		if m, ok := t.MethodByName(o.name); ok && !t.Implements(o.want) {
			return wrongSignature(t, m, o.sig)
		}
	}
	return nil
}

func wrongSignature(t reflect.Type, m reflect.Method, want string) error {
	name := t
	for name.Kind() == reflect.Pointer {
		name = name.Elem()
	}
	return fmt.Errorf("live: %s has a method %s with the wrong signature: want %s, found %s%s", name, m.Name, want, m.Name, signature(m))
}

// checked are the errors of the types of live components that were seen, nil for
// those that are well.
var checked sync.Map

// checkComponent is Check for a live component, when one of its type first
// stands in a page.
func checkComponent(of reflect.Type) error {
	if err, known := checked.Load(of); known {
		err, _ := err.(error)
		return err
	}
	t := reflect.PointerTo(of)
	err := checkMethods(t, componentMethods)
	if err == nil {
		err = checkUpdateMany(t)
	}
	if err == nil {
		checked.Store(of, nil)
		return nil
	}
	err = fmt.Errorf("%w%s", err, place())
	checked.Store(of, err)
	return err
}

func checkUpdateMany(t reflect.Type) error {
	m, ok := t.MethodByName("UpdateMany")
	if !ok {
		return nil
	}
	want := reflect.FuncOf([]reflect.Type{t, reflect.TypeFor[*Socket](), reflect.SliceOf(t)}, []reflect.Type{reflect.TypeFor[error]()}, false)
	if m.Type == want {
		return nil
	}
	return wrongSignature(t, m, fmt.Sprintf("UpdateMany(*live.Socket, []%s) error", t))
}

// place says where in the templates a mistake was made, "" if that is not known.
func place() string {
	if at := render.Position(); at != "unknown" {
		return " at " + at
	}
	return ""
}

// signature is the type of a method without its receiver, as source shows it.
func signature(m reflect.Method) string {
	in, out := "", ""
	for i := 1; i < m.Type.NumIn(); i++ {
		if i > 1 {
			in += ", "
		}
		in += m.Type.In(i).String()
	}
	for i := range m.Type.NumOut() {
		if i > 0 {
			out += ", "
		}
		out += m.Type.Out(i).String()
	}
	switch m.Type.NumOut() {
	case 0:
	case 1:
		out = " " + out
	default:
		out = " (" + out + ")"
	}
	return "(" + in + ")" + out
}
