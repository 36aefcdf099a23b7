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
	values values

	handlers   map[reflect.Type]messageHandler // of OnMessage
	hooks      hooks
	tasks      map[any]*task
	nested     map[string]nestedElement // by id
	ends       endings
	components *components
	patches    int // since the client last said something
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

// endings are what is to be given back at an end.
type endings map[*ending]struct{}

// add makes f run at the end. Forget takes it back.
func (ends *endings) add(f func()) (forget func()) {
	e := &ending{f}
	if *ends == nil {
		*ends = make(endings)
	}
	(*ends)[e] = struct{}{}
	return func() { delete(*ends, e) }
}

// release runs what waits for the end.
func (ends *endings) release() {
	list := *ends
	*ends = nil
	for e := range list {
		e.f()
	}
}

// onEnd makes f run when the view has ended, or the live component whose
// callback this is, in whichever way, before its last callback.
func (s *Socket) onEnd(f func()) (forget func()) {
	if s.component != nil {
		return s.component.ends.add(f)
	}
	return s.view.more().ends.add(f)
}

// release gives back what the view has and its components have.
func (v *instance) release() {
	if v.extras == nil {
		return
	}
	v.extras.ends.release()
	if h := v.extras.components; h != nil {
		for _, c := range h.byCID {
			c.ends.release()
		}
	}
}
