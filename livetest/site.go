package livetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bennu"
	"bennu/internal/nearest"
	"bennu/internal/witness"
)

// site is an HTTP server for one handler whose connections are pipes: no port
// is opened, and in a bubble of testing/synctest time stands still while the
// server and the test wait for each other.
type site struct {
	pipes  *pipeListener
	server *http.Server
	log    lockedBuffer
	served chan struct{}
	client *http.Client
	// witness sees the background tasks of the views; goroutines on behalf of
	// the site have the pprof label livetest with the mark as its value.
	witness *witness.Witness
	mark    string
}

// sites counts them, for their marks.
var sites atomic.Uint64

func newSite(h http.Handler, jar http.CookieJar) *site {
	s := &site{pipes: newPipeListener(), served: make(chan struct{}), mark: strconv.FormatUint(sites.Add(1), 10)}
	s.witness = witness.New(pprof.WithLabels(context.Background(), pprof.Labels(labelName, s.mark)))
	s.server = &http.Server{Handler: h, ErrorLog: log.New(&s.log, "", 0)}
	s.server.BaseContext = func(net.Listener) context.Context { return witness.NewContext(context.Background(), s.witness) }
	s.client = &http.Client{Jar: jar, Transport: &http.Transport{DialContext: s.dial}, CheckRedirect: notForEver}
	go func() {
		defer close(s.served)
		s.witness.Enter() // and so do those that this one starts
		if err := s.server.Serve(s.pipes); !errors.Is(err, http.ErrServerClosed) {
			s.server.ErrorLog.Print(err)
		}
	}()
	return s
}

// notForEver gives up on redirects that do not end, as browsers do.
func notForEver(_ *http.Request, via []*http.Request) error {
	if len(via) < 10 {
		return nil
	}
	var paths []string
	for _, r := range via[len(via)-3:] {
		paths = append(paths, r.URL.RequestURI())
	}
	return fmt.Errorf("%d redirects, the last of them from %s; does a Mount send the browser to its own page?", len(via), strings.Join(paths, ", "))
}

// routes says, of an App that has nothing at an address, what live routes it
// has.
func (s *site) routes(resp *http.Response) string {
	app, ok := s.server.Handler.(*bennu.App)
	if !ok || resp.StatusCode != http.StatusNotFound {
		return ""
	}
	var paths []string
	for _, rt := range app.Routes() {
		if rt.Path == resp.Request.URL.Path {
			return "" // it has something there, which answers so
		}
		if rt.View != "" {
			paths = append(paths, rt.Path)
		}
	}
	if len(paths) == 0 {
		return "\nthe app has no live route: register the view by app.Live"
	}
	hint := ""
	if near := nearest.Name(resp.Request.URL.Path, paths); near != "" {
		hint = fmt.Sprintf("\ndid you mean %q?", near)
	}
	return hint + "\nits live routes are " + shorten(strings.Join(paths, ", "), 1000)
}

// dial opens a connection to the site, whatever the address.
func (s *site) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return s.pipes.dial(ctx)
}

// close stops the server and waits until it has stopped. A socket is closed by
// its own end, before.
func (s *site) close() {
	s.client.CloseIdleConnections()
	if err := s.server.Close(); err != nil {
		s.server.ErrorLog.Print(err)
	}
	<-s.served
}

// pipeListener is a net.Listener that a test dials without a network.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "livetest" }

// lockedBuffer is what the server has to say about itself; it is shown when a
// request fails.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// defaultDeadline is how long a server may take to answer.
const defaultDeadline = 5 * time.Second
