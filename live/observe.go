package live

import (
	"time"

	"bennu/telemetry"
)

// What observers are told is made here, in functions of their own: inlined, it
// would stand on the stack of every callback, which a borrowed goroutine then
// grows once more.

// about is the view that something happens to.
func (v *instance) about() telemetry.View {
	about := telemetry.View{Name: v.spec.Name, Route: v.spec.Route, ID: v.spec.ID, Process: v.process}
	if i := v.spec.Info; i != nil {
		about.Transport, about.RequestID, about.Trace = i.Transport, i.RequestID, i.Trace
	}
	return about
}

//go:noinline
func (v *instance) observeMount(start time.Time, err error) {
	v.rt.Observe.Mount(telemetry.Mount{View: v.about(), Connected: v.proc != nil, Start: start, Duration: time.Since(start), Err: err})
}

//go:noinline
func (v *instance) observeParams(start time.Time, err error) {
	v.rt.Observe.Params(telemetry.Params{View: v.about(), Start: start, Duration: time.Since(start), Err: err})
}

//go:noinline
func (p *Process) observeJoin(start time.Time, bytes int, err error) {
	p.rt.Observe.Join(telemetry.Join{View: p.about(), Start: start, Duration: time.Since(start), Bytes: bytes, Err: err})
}

//go:noinline
func (p *Process) observeEvent(name string, known bool, c *component, form bool, start time.Time, err error) {
	e := telemetry.Event{View: p.about(), Name: name, Known: known, Form: form, Start: start, Duration: time.Since(start), Err: err}
	if c != nil {
		e.Component = c.of.String()
	}
	p.rt.Observe.Event(e)
}

//go:noinline
func (p *Process) observeMessage(l local, start time.Time, err error) {
	p.rt.Observe.Message(telemetry.Message{View: p.about(), Type: l.name(), Start: start, Duration: time.Since(start), Err: err})
}

//go:noinline
func (v *instance) observeRender(cause string, start time.Time, bytes int) {
	v.rt.Observe.Render(telemetry.Render{View: v.about(), Cause: cause, Start: start, Duration: time.Since(start), Bytes: bytes})
}

//go:noinline
func (v *instance) observeComponent(c *component, what string, start time.Time, err error) {
	v.rt.Observe.Component(telemetry.Component{View: v.about(), Type: c.of.String(), ID: c.id, What: what, Start: start, Duration: time.Since(start), Err: err})
}

//go:noinline
func (p *Process) observeCrash(event string, err error) {
	p.rt.Observe.Crash(telemetry.Crash{View: p.about(), Event: event, Err: err})
}
