package live

import "reflect"

// extras is what few views have, so that the others pay one word for it.
type extras struct {
	flash  map[string]string
	put    map[string]string // of it what the present message put, for a move to take along
	title  string            // what SetTitle said last
	titled bool              // the browser has not heard it
	events []pushedEvent     // for the next diff
	reply  []byte            // for the reply that is next
	values map[any]any       // of Keys

	handlers map[reflect.Type]func(*Socket, any) error // of OnMessage
	hooks    hooks
	tasks    map[any]*task
	ends     map[*ending]struct{}
	patches  int // since the client last said something
}

// more is the view's extras, made when they are first needed.
func (v *instance) more() *extras {
	if v.extras == nil {
		v.extras = new(extras)
	}
	return v.extras
}

// ending is something to be given back when the view ends.
type ending struct{ f func() }

// onEnd makes f run when the view has ended, in whichever way, before its last
// callback. Forget takes it back.
func (v *instance) onEnd(f func()) (forget func()) {
	e := &ending{f}
	m := v.more()
	if m.ends == nil {
		m.ends = make(map[*ending]struct{})
	}
	m.ends[e] = struct{}{}
	return func() { delete(m.ends, e) }
}

// release runs what waits for the end.
func (v *instance) release() {
	if v.extras == nil {
		return
	}
	ends := v.extras.ends
	v.extras.ends = nil
	for e := range ends {
		e.f()
	}
}
