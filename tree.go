package bennu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"bennu/supervisor"
)

// Worker is something that runs beside the pages for as long as the App does: a
// loop that fetches prices, a connection to a broker.
type Worker = supervisor.Child

// The App's parts, in the order in which they start; they stop in reverse, so
// that whatever still runs has what it needs.
//
//	app           one for one, and a part that fails is the App's failure
//	├─ cluster    with Options.Carrier: the hub among those of other servers
//	├─ presence   likewise: who is here among those who are there
//	├─ workers    what Supervise was given
//	├─ requests   under Serve: those that are being answered
//	├─ views
//	├─ sockets
//	└─ listener   under Serve: accepts

// plant makes the tree, of which the workers are known first.
func (a *App) plant() (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	a.workers = supervisor.New(a.opts.Workers)
	var parts []supervisor.Child
	if a.opts.Carrier != nil {
		parts = append(parts, a.clusterPart(), a.presencePart())
	}
	parts = append(parts, a.workers.Child())
	a.tree = supervisor.New(supervisor.Options{
		Name: "app", Intensity: supervisor.Intensity{Restarts: supervisor.NoRestarts}, Log: a.log,
	}, parts...)
	return nil
}

// Supervise gives the App workers to run. They start in this order before the
// App accepts anybody, and stop in reverse when the last view has ended; one that
// cannot start ends the start of the App with its error. One that crashes is
// logged and started again (see [Options.Workers] and [supervisor.Child]).
//
//	feed := prices.NewFeed()
//	app.Supervise(bennu.Worker{Name: "prices", Run: feed.Run})
//
// It panics on a worker without name or Run, on a second one of a name, and when
// the App runs already: children that come and go are for [App.Workers].
func (a *App) Supervise(workers ...Worker) {
	for _, w := range workers {
		if err := a.workers.Add(w); err != nil {
			panic(fmt.Sprintf("bennu: Supervise (%s): %v", caller(), err))
		}
	}
}

// Workers is the supervisor of the App's workers. Its StartChild, EnsureChild
// and StopChild are for workers that come and go while the App runs.
func (a *App) Workers() *supervisor.Supervisor { return a.workers }

// Tree is what runs in the App, as it is now: its parts and its workers with
// their states, restarts and last errors. Its String is a drawing for people; at
// level debug the log has it when the App has started.
func (a *App) Tree() supervisor.Status { return a.tree.Tree() }

// WatchTree calls f after each change of the tree, until stop is called; see
// [supervisor.Supervisor.Watch].
func (a *App) WatchTree(f func()) (stop func()) { return a.tree.Watch(f) }

// Start starts the workers of an App that is a handler in a server of one's own;
// [App.ListenAndServe] and [App.Serve] do it by themselves. The error is that of
// the worker which did not start; then none runs. [App.Shutdown] stops them.
func (a *App) Start(ctx context.Context) error {
	if err := a.start(ctx, nil); err != nil {
		return err
	}
	return nil
}

// start starts the tree, with the parts of a server if there is one.
func (a *App) start(ctx context.Context, s *server) error {
	if a.tree.Done() != nil {
		return errors.New("bennu: the App has been started already")
	}
	var parts []supervisor.Child
	if s != nil {
		parts = append(parts, s.requestsPart())
	}
	parts = append(parts, a.viewsPart(), a.socketsPart())
	if s != nil {
		parts = append(parts, s.listenerPart())
	}
	for _, p := range parts {
		p.Restart, p.Shutdown = supervisor.Always, supervisor.Unlimited // what drains has a time of its own
		if err := a.tree.Add(p); err != nil {
			return fmt.Errorf("bennu: %w", err)
		}
	}
	if err := a.tree.Start(ctx); err != nil {
		return fmt.Errorf("bennu: %w", err)
	}
	a.log.DebugContext(ctx, "started", slog.String("tree", "\n"+a.Tree().String()))
	return nil
}

// warnIdleWorkers says that somebody has forgotten Start.
func (a *App) warnIdleWorkers() {
	if a.idle() {
		a.log.Error("neither workers nor the cluster run: call App.Start before the App serves")
	}
}

// idle reports that something waits for Start.
func (a *App) idle() bool {
	return a.tree.Done() == nil && (len(a.workers.Tree().Children) > 0 || a.opts.Carrier != nil)
}

// viewsPart waits for the views at the end.
func (a *App) viewsPart() supervisor.Child {
	return supervisor.Child{
		Name:   "views",
		Run:    func(ctx context.Context) error { <-ctx.Done(); a.endViews(a.leaving.budget(a)); return nil },
		Detail: func() string { return fmt.Sprintf("%d views", a.views.Views()) },
	}
}

// socketsPart closes the sockets at the end.
func (a *App) socketsPart() supervisor.Child {
	return supervisor.Child{
		Name:   "sockets",
		Run:    func(ctx context.Context) error { <-ctx.Done(); a.endSockets(a.leaving.budget(a)); return nil },
		Detail: func() string { return fmt.Sprintf("%d open", a.sockets.Len()) },
	}
}
