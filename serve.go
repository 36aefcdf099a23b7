package bennu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"bennu/supervisor"
)

const (
	// readHeaderTimeout ends a connection that does not finish its header.
	readHeaderTimeout = 5 * time.Second
	// readTimeout ends a request whose body does not come to its end. A handler
	// that takes long uploads sets its own by http.ResponseController.
	readTimeout = time.Minute
	// idleTimeout ends a connection on which no further request comes.
	idleTimeout = 2 * time.Minute
	// maxHeader is more than browsers and proxies send.
	maxHeader = 64 << 10
)

// ListenAndServe listens on Options.Addr and serves until the context ends.
// Then it stops accepting, closes the sockets so that their browsers connect to
// another server, waits for requests and views, stops the workers, all within
// Options.ShutdownTimeout, and returns nil. An error means that it could not
// serve, or that a worker could not start or failed too often. Where `bennu
// routes` has started the program, it writes the table of routes and returns.
//
// Clients that are too slow are cut off: 5 s for the header of a request, a
// minute for its body, and a minute for each 128 KiB of the answer, however
// long a download takes in all. A handler that wants other limits sets its own
// deadlines by [http.ResponseController].
func (a *App) ListenAndServe(ctx context.Context) error {
	if file := routesFile(); file != "" {
		return a.printRoutes(ctx, file)
	}
	l, err := a.listen(ctx)
	if err != nil {
		return err
	}
	return a.Serve(ctx, l)
}

// listen opens the port, or takes the open one of `bennu dev`.
func (a *App) listen(ctx context.Context) (net.Listener, error) {
	l, err := a.dev.listener()
	if err != nil || l != nil {
		return l, err
	}
	// The sockets' heartbeat finds dead connections; the kernel's probes would
	// double it.
	config := net.ListenConfig{KeepAlive: -1}
	l, err = config.Listen(ctx, "tcp", a.opts.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, portTaken(a.opts.Addr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("bennu: listen on %q: %w", a.opts.Addr, err)
	}
	return l, nil
}

// portTaken says which port is taken, by whom if that can be seen, and what to
// do.
func portTaken(addr string, err error) error {
	_, port, splitErr := net.SplitHostPort(addr)
	if splitErr != nil {
		port = addr
	}
	owner := portOwner(port)
	if owner == "" {
		owner = "another program, maybe an earlier start of this one"
	}
	return fmt.Errorf("bennu: port %s is taken by %s; stop it, or choose another port with PORT=, as in PORT=4001 (listen %s: %w)", port, owner, addr, err)
}

// Serve is [App.ListenAndServe] on a listener of the caller's, which it closes.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	if file := routesFile(); file != "" {
		_ = l.Close() // nobody was let in
		return a.printRoutes(ctx, file)
	}
	s := newServer(ctx, a, l)
	defer s.close()
	if err := a.start(ctx, s); err != nil {
		if ctx.Err() != nil {
			a.log.InfoContext(ctx, "stopped before it had started", slog.Any("why", context.Cause(ctx)))
			return nil
		}
		return err
	}

	var running sync.WaitGroup
	control, stopControl := context.WithCancel(ctx)
	defer running.Wait()
	defer stopControl()
	ended := make(chan error, 1)
	running.Go(func() { ended <- a.dev.run(control, s.handOver) })

	err := a.untilEnd(ctx, ended)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.opts.ShutdownTimeout)
	defer cancel()
	if cut := a.Shutdown(limit); cut != nil {
		a.log.WarnContext(ctx, "not all ended in time", slog.Any("err", cut))
	}
	a.log.InfoContext(ctx, "stopped")
	return err
}

// untilEnd waits until the server has to end. The error means that a part of
// the App has failed, and all have been stopped.
func (a *App) untilEnd(ctx context.Context, ended <-chan error) error {
	var why error
	select {
	case <-a.tree.Done():
		err := a.tree.Err()
		if e, ok := errors.AsType[*supervisor.IntensityError](err); ok {
			err = e.Err // which part of the App it was says less
		}
		return fmt.Errorf("bennu: %w", err)
	case why = <-ended:
	}
	if why != nil {
		a.log.InfoContext(ctx, "stopping", slog.Any("why", why))
		return nil
	}
	a.log.InfoContext(ctx, "stopping", slog.Any("why", context.Cause(ctx)), slog.Duration("delay", a.opts.ShutdownDelay))
	a.leaving.begun.Store(true)
	if a.opts.ShutdownDelay > 0 {
		delay := time.NewTimer(a.opts.ShutdownDelay)
		defer delay.Stop()
		select {
		case <-delay.C:
		case <-a.tree.Done(): // Shutdown tells of it
		}
	}
	return nil
}

// server is the HTTP side of an App that serves by itself.
type server struct {
	app        *App
	http       *http.Server
	listener   net.Listener
	fresh      *freshConns
	handedOver chan struct{} // closed when a newer build accepts
	cancel     context.CancelFunc
}

func newServer(ctx context.Context, a *App, l net.Listener) *server {
	// Requests live on while the server drains, and end with it.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &server{app: a, listener: l, fresh: newFreshConns(), handedOver: make(chan struct{}), cancel: cancel}
	s.http = &http.Server{
		Handler: a.served, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: a.opts.Limits.headerBytes(),
		BaseContext:    func(net.Listener) context.Context { return requests },
		ErrorLog:       slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
		ConnState:      s.fresh.observe,
	}
	return s
}

// listenerPart accepts.
func (s *server) listenerPart() supervisor.Child {
	return supervisor.Child{Name: "listener", Run: s.accept, Detail: s.listener.Addr().String}
}

func (s *server) accept(ctx context.Context) error {
	s.app.logListening(ctx, s.listener.Addr())
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	var broken error
	select {
	case err := <-served:
		select {
		case <-s.handedOver: // which has closed it
			<-ctx.Done()
		default:
			broken = fmt.Errorf("serve: %w", err)
		}
	case <-ctx.Done():
		_ = s.listener.Close()
		<-served
	}
	// Whoever was let in at the last moment is answered too: all connections
	// are known once Serve has returned, and then their requests are waited for.
	s.http.SetKeepAlivesEnabled(false)
	s.fresh.wait(min(freshTime, s.app.opts.ShutdownTimeout))
	return broken
}

// handOver stops accepting for a newer build that does.
func (s *server) handOver() {
	close(s.handedOver)
	s.http.SetKeepAlivesEnabled(false) // closes the idle connections too
	_ = s.listener.Close()             // it stops accepting; the drain reports nothing new
}

// requestsPart waits for the requests at the end.
func (s *server) requestsPart() supervisor.Child {
	return supervisor.Child{Name: "requests", Run: func(ctx context.Context) error {
		<-ctx.Done()
		ctx = s.app.leaving.budget(s.app)
		if err := s.http.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
			s.app.log.WarnContext(ctx, "requests cut off", slog.Any("err", err))
		}
		s.close()
		return nil
	}}
}

// close ends whatever is left.
func (s *server) close() {
	s.cancel()
	_ = s.listener.Close()
	_ = s.http.Close()
}

// logListening says where the App can be reached.
func (a *App) logListening(ctx context.Context, addr net.Addr) {
	mode := "production"
	if a.opts.Dev {
		mode = "development"
	}
	a.log.InfoContext(ctx, "listening", slog.String("version", Version), slog.String("addr", addr.String()),
		slog.String("mode", mode), slog.String("url", localURL(addr)+a.opts.Prefix+"/"))
}

// localURL is the address by which this machine's browser reaches a listener.
func localURL(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}
