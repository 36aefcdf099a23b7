package live

import (
	"fmt"
	"reflect"
	"slices"
)

// MountHook runs before the Mount of every view of the routes that it was given
// to, in the dead render and when the socket joins. It is where a live session
// decides who may come in: pipelines run for page loads only. To turn somebody
// away it calls [Socket.Redirect], or returns an error with an HTTP status;
// then nothing further of the mount runs.
type MountHook func(*Socket, Params) error

// Next says whether a hook lets its matter go on to the view.
type Next bool

const (
	// Continue hands on to the next hook and then to the view.
	Continue Next = false
	// Halt keeps the matter from those that come after.
	Halt Next = true
)

// Event is an event of the page as hooks see it.
type Event struct {
	// Name is what the element's phx- attribute says. It comes from outside.
	Name string
	in   payload
}

// hooks are those attached to one view, by stage, in the order of attaching.
type hooks struct {
	event   []hook[func(*Socket, Event) (Next, error)]
	params  []hook[func(*Socket, Params) (Next, error)]
	message []hook[func(*Socket, any) (Next, error)]
	task    []hook[func(*Socket, string, error) (Next, error)]
	render  []hook[func(*Socket)]
}

type hook[F any] struct {
	id int
	f  F
}

// attach adds a hook to a stage and returns the function that takes it away,
// which is for the view's callbacks.
func attach[F any](s *Socket, stage func(*hooks) *[]hook[F], f F) (detach func()) {
	if reflect.ValueOf(f).IsNil() {
		panic(fmt.Sprintf("live: a hook is a %T, got nil", f))
	}
	v := s.open()
	if v == nil || s.closed.Load() {
		return func() {}
	}
	h := stage(&v.more().hooks)
	id := 1
	if n := len(*h); n > 0 {
		id = (*h)[n-1].id + 1
	}
	*h = append(slices.Clip(*h), hook[F]{id, f})
	return func() {
		*h = slices.DeleteFunc(slices.Clone(*h), func(x hook[F]) bool { return x.id == id })
	}
}

// HookEvent attaches a function that sees every event before the view does. The
// function returned detaches it and, like this one, is for the view's callbacks.
func (s *Socket) HookEvent(f func(*Socket, Event) (Next, error)) (detach func()) {
	return attach(s, func(h *hooks) *[]hook[func(*Socket, Event) (Next, error)] { return &h.event }, f)
}

// HookParams attaches a function that runs before each HandleParams.
func (s *Socket) HookParams(f func(*Socket, Params) (Next, error)) (detach func()) {
	return attach(s, func(h *hooks) *[]hook[func(*Socket, Params) (Next, error)] { return &h.params }, f)
}

// HookMessage attaches a function that sees every value sent to the view before
// its handler does.
func (s *Socket) HookMessage(f func(*Socket, any) (Next, error)) (detach func()) {
	return attach(s, func(h *hooks) *[]hook[func(*Socket, any) (Next, error)] { return &h.message }, f)
}

// HookTask attaches a function that sees the end of every background task, with
// its name and its error, before the function that takes the result does.
func (s *Socket) HookTask(f func(s *Socket, name string, err error) (Next, error)) (detach func()) {
	return attach(s, func(h *hooks) *[]hook[func(*Socket, string, error) (Next, error)] { return &h.task }, f)
}

// HookAfterRender attaches a function that runs after each render. What it asks
// for goes out with the next one; it must not change the view.
func (s *Socket) HookAfterRender(f func(*Socket)) (detach func()) {
	return attach(s, func(h *hooks) *[]hook[func(*Socket)] { return &h.render }, f)
}

// Decode reads the event's payload like a handler made by [On].
func (e Event) Decode(into any) error { return e.in.decode(into) }

func (h *hooks) runEvent(v *instance, name string, in payload) (*asks, bool, error) {
	for _, x := range h.event {
		if a, halt, err := v.runHook(func(s *Socket) (Next, error) { return x.f(s, Event{name, in}) }); halt || err != nil {
			return a, halt, err
		}
	}
	return nil, false, nil
}

func (h *hooks) runParams(v *instance, params Params) (*asks, bool, error) {
	for _, x := range h.params {
		if a, halt, err := v.runHook(func(s *Socket) (Next, error) { return x.f(s, params) }); halt || err != nil {
			return a, halt, err
		}
	}
	return nil, false, nil
}

func (h *hooks) runMessage(v *instance, m any) (*asks, bool, error) {
	for _, x := range h.message {
		if a, halt, err := v.runHook(func(s *Socket) (Next, error) { return x.f(s, m) }); halt || err != nil {
			return a, halt, err
		}
	}
	return nil, false, nil
}

func (h *hooks) runTask(v *instance, name string, err error) (*asks, bool, error) {
	for _, x := range h.task {
		if a, halt, err := v.runHook(func(s *Socket) (Next, error) { return x.f(s, name, err) }); halt || err != nil {
			return a, halt, err
		}
	}
	return nil, false, nil
}

func (h *hooks) runAfterRender(v *instance) {
	for _, x := range h.render {
		s := &Socket{view: v}
		x.f(s)
		s.end()
		if a, err := s.wanted(); err == nil && a != nil {
			v.take(a)
		}
	}
}

// runHook runs one hook. A move ends the matter, whatever the hook returns.
func (v *instance) runHook(f func(*Socket) (Next, error)) (*asks, bool, error) {
	s := &Socket{view: v}
	defer s.end()
	next, err := f(s)
	if err != nil {
		return nil, true, err
	}
	a, err := s.wanted()
	switch {
	case err != nil:
		return nil, true, err
	case a != nil && a.move != nil, next == Halt:
		return a, true, nil
	case a != nil:
		v.take(a)
	}
	return nil, false, nil
}
