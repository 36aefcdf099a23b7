// Package supervisor keeps the long-running parts of a program running: it
// starts them in order, starts again what ends or crashes, and stops all in
// reverse. It is what Elixir's Supervisor, Task, Registry, GenServer and Agent
// are, in Go's terms.
//
//	s := supervisor.New(supervisor.Options{Name: "shop", Strategy: supervisor.RestForOne},
//		supervisor.Child{Name: "store", Start: store.Open, Run: store.Run},
//		supervisor.Child{Name: "prices", Run: prices.Run},
//	)
//	err := s.Run(ctx) // until ctx ends, or the store fails too often
//
// An app of bennu has a supervisor already: give workers to App.Supervise.
//
// # A child
//
// A [Child] is a function that returns when its context ends. If it returns
// before, panics or calls runtime.Goexit, it is logged once, with its stack if
// there is one, and started again as its [Restart] says, a little later each
// time ([Backoff]). When that happens too often ([Intensity]), the supervisor
// stops its children and fails itself.
//
// A child tells by [context.Cause] why it is to end: [ErrStopped], a
// [*SiblingError] when another one has crashed, or the error with which the
// supervisor fails.
//
// # What Go cannot do
//
// A goroutine cannot be ended from outside. A child that does not return when
// its context ends is reported as stuck, with its stack; the others are stopped
// without it. It is not started a second time while the first one is there,
// unless its whole supervisor is. And a panic is caught only on the goroutine
// that the supervisor started: one in a bare go statement ends the program. Use
// [Tasks] for those.
//
// # Trees, children that come and go, names
//
// [Supervisor.Child] makes a supervisor the child of another one.
// [Supervisor.StartChild], [Supervisor.EnsureChild] and [Supervisor.StopChild]
// are for children that come and go, each with a name; a [Registry] finds them
// by it, or starts them when they are first asked for ([Registry.GetOrStart]).
// [Supervisor.Tree] says what all are at, and [Supervisor.Watch] when to
// look again.
//
// # State
//
// A [Server] owns a state, on which it does one thing after the other; a [Cell]
// holds a value that many read and few replace. Entries that end by themselves
// are for package bennu/cache.
package supervisor
