package telemetry

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// Observer is told what happens, as far as it has functions for it. They are
// called where it happens, by many goroutines at once, and must be quick: a view
// waits for them. One that panics is logged once and called again.
type Observer struct {
	Request   func(Request)
	Connect   func(Connect)
	Mount     func(Mount)
	Join      func(Join)
	Params    func(Params)
	Event     func(Event)
	Message   func(Message)
	Render    func(Render)
	Component func(Component)
	Task      func(Task)
	Crash     func(Crash)
	Leave     func(Leave)
	Drain     func(Drain)
}

// All is one observer that tells all of these, in their order. Nobody's panic
// keeps the others from hearing.
func All(log *slog.Logger, observers ...Observer) Observer {
	g := &guard{log: log}
	var all Observer
	for _, o := range observers {
		all.Request = both(g, all.Request, o.Request)
		all.Connect = both(g, all.Connect, o.Connect)
		all.Mount = both(g, all.Mount, o.Mount)
		all.Join = both(g, all.Join, o.Join)
		all.Params = both(g, all.Params, o.Params)
		all.Event = both(g, all.Event, o.Event)
		all.Message = both(g, all.Message, o.Message)
		all.Render = both(g, all.Render, o.Render)
		all.Component = both(g, all.Component, o.Component)
		all.Task = both(g, all.Task, o.Task)
		all.Crash = both(g, all.Crash, o.Crash)
		all.Leave = both(g, all.Leave, o.Leave)
		all.Drain = both(g, all.Drain, o.Drain)
	}
	return all
}

// both tells the first, who is guarded already, and then the second.
func both[T any](g *guard, first, second func(T)) func(T) {
	if second == nil {
		return first
	}
	return func(what T) {
		if first != nil {
			first(what)
		}
		defer g.catch(what)
		second(what)
	}
}

// guard logs panics of observers, the first of each kind.
type guard struct {
	log  *slog.Logger
	said sync.Map
}

func (g *guard) catch(what any) {
	v := recover()
	if v == nil {
		return
	}
	if _, again := g.said.LoadOrStore(fmt.Sprintf("%T", what), true); again {
		return
	}
	g.log.Error("an observer panicked", slog.String("on", fmt.Sprintf("%T", what)), slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
}
