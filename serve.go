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
// another server, waits for requests and views up to Options.ShutdownTimeout,
// and returns nil. An error means that it could not serve. Where `bennu routes`
// has started the program, it writes the table of routes and returns.
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
	// Requests live on while the server drains, and end with it.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	srv := &http.Server{
		Handler: a.served, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: a.opts.Limits.headerBytes(),
		BaseContext:    func(net.Listener) context.Context { return requests },
		ErrorLog:       slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	fresh := newFreshConns()
	srv.ConnState = fresh.observe
	a.logListening(ctx, l.Addr())

	var running sync.WaitGroup
	served := make(chan error, 1)
	running.Go(func() {
		served <- srv.Serve(l)
		close(served)
	})
	control, stopControl := context.WithCancel(ctx)
	defer stopControl()
	ended := make(chan error, 1)
	handedOver := make(chan struct{})
	running.Go(func() {
		ended <- a.dev.run(control, func() {
			close(handedOver)
			srv.SetKeepAlivesEnabled(false) // closes the idle connections too
			_ = l.Close()                   // it stops accepting; the drain reports nothing new
		})
	})

	err := a.untilEnd(ctx, served, ended, handedOver)
	// Whoever was let in at the last moment is answered too: all connections
	// are known once Serve has returned, and then their requests are waited for.
	_ = l.Close()
	<-served
	srv.SetKeepAlivesEnabled(false)
	fresh.wait(min(freshTime, a.opts.ShutdownTimeout))
	a.drain(ctx, srv)
	cancel()
	stopControl()
	_ = srv.Close() // what the drain has left
	running.Wait()
	a.log.InfoContext(ctx, "stopped")
	return err
}

// untilEnd waits until the server has to end. The error means that it broke and
// accepts nobody any more; who is connected is still there.
func (a *App) untilEnd(ctx context.Context, served, ended <-chan error, handedOver <-chan struct{}) error {
	var why error
	select {
	case err := <-served:
		select {
		case <-handedOver: // which has closed the listener
			why = <-ended
		default:
			return fmt.Errorf("bennu: serve: %w", err)
		}
	case why = <-ended:
	}
	if why == nil {
		why = context.Cause(ctx)
	}
	a.log.InfoContext(ctx, "stopping", slog.Any("why", why))
	return nil
}

// drain ends what runs, within the time that the options give.
func (a *App) drain(ctx context.Context, srv *http.Server) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.opts.ShutdownTimeout)
	defer cancel()
	var ending sync.WaitGroup
	ending.Go(func() {
		if err := srv.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
			a.log.WarnContext(ctx, "requests cut off", slog.Any("err", err))
		}
	})
	if err := a.Shutdown(ctx); err != nil {
		a.log.WarnContext(ctx, "views cut off", slog.Int("views", a.views.Views()), slog.Any("err", err))
	}
	ending.Wait()
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
