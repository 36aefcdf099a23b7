package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"bennu"
	"bennu/cluster/nats"
	"bennu/e2e/views"
	"bennu/live"
)

// asNode has the tests' own program be a server of an app that has several.
const asNode = "E2E_NODE"

// serveNode serves the room until the process is asked to stop, with what the
// environment says, as a main.go does.
func serveNode() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	opts, err := bennu.FromEnv()
	if err != nil {
		return err
	}
	carrier, err := nats.FromEnv(opts.SecretKeyBase, opts.Logger)
	if err != nil {
		return err
	}
	opts.Carrier, opts.RootLayout = carrier, views.Root
	opts.Assets = os.DirFS("../examples/showcase/web/assets/dist")
	app := bennu.New(opts)
	app.Health()
	app.Live("/room", func() live.View { return &views.Room{Hub: app.PubSub(), Tracker: app.Presence()} })
	app.Supervise(bennu.Worker{Name: "where", Start: func(context.Context) error {
		if c, ok := carrier.(*nats.Carrier); ok {
			opts.Logger.Info("nodes", slog.String("at", c.Listening()))
		}
		return nil
	}})
	return app.ListenAndServe(ctx)
}

// node is a process of a cluster.
type node struct {
	*server
	at string // where other nodes reach it
}

// startNode starts one that knows some others. Each env is "NAME=value".
func startNode(t *testing.T, name string, peers []string, env ...string) *node {
	t.Helper()
	s := nodeProgram(t, name, peers, env...)
	at, _ := s.line(0, "msg=nodes")
	line, _ := s.line(0, "msg=listening")
	s.url = strings.TrimSuffix(field(t, line, "url"), "/")
	return &node{server: s, at: field(t, at, "at")}
}

// nodeProgram starts one without asking where it is.
func nodeProgram(t *testing.T, name string, peers []string, env ...string) *server {
	t.Helper()
	return run(t, exec.Command(os.Args[0]), append([]string{
		asNode + "=1", "PORT=0", "SECRET_KEY_BASE=" + secret, "BENNU_NODE=" + name, "BENNU_LISTEN_NODES=127.0.0.1:0",
		"BENNU_NODES=" + strings.Join(peers, ","), "BENNU_LOG=info",
	}, env...)...)
}

// signal sends one, and waits for the end.
func (n *node) signal(s syscall.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
	<-n.done
}

// guest is somebody whose page is open.
type guest struct {
	*joined
	visit *visit
	shows map[string]string // what the page shows, by the word before it
}

var roomShows = regexp.MustCompile(`(messages|here|left|missed) \[([^\]]*)\]`)

// enter opens the room on a node.
func enter(t *testing.T, n *node, name string) *guest {
	t.Helper()
	v := get(t, n.url+"/room?name="+name)
	g := &guest{joined: v.dial().join(v, 0), visit: v, shows: map[string]string{}}
	g.take(g.frame.raw)
	return g
}

func (g *guest) take(frame string) {
	for _, m := range roomShows.FindAllStringSubmatch(frame, -1) {
		g.shows[m[1]] = m[2]
	}
}

// wants reads until the page shows something.
func (g *guest) wants(what, text string) {
	g.t.Helper()
	for g.shows[what] != text {
		f := g.read()
		g.take(f.raw)
	}
}

// says says something.
func (g *guest) says(text string) {
	g.t.Helper()
	g.send(g.joinRef, g.next(), g.topic, "event", fmt.Sprintf(`{"type":"click","event":"say","value":{"text":%q}}`, text))
}

// hears reads until the page shows a message.
func (g *guest) hears(text string) {
	g.t.Helper()
	for !slices.Contains(strings.Split(g.shows["messages"], ","), text) {
		g.take(g.read().raw)
	}
}

// A gate is where a node is reached by some others. It can be shut.
type gate struct {
	net.Listener

	mu    sync.Mutex
	to    string
	shut  bool
	conns []net.Conn
}

func newGate(t *testing.T) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Listener: l}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { g.pass(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		g.set("", true)
		all.Wait()
	})
	return g
}

// pass carries bytes both ways until one side ends.
func (g *gate) pass(near net.Conn) {
	defer near.Close()
	g.mu.Lock()
	to, shut := g.to, g.shut
	g.mu.Unlock()
	if shut || to == "" {
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer far.Close()
	g.mu.Lock()
	if g.shut {
		near.Close()
		far.Close()
	}
	g.conns = append(g.conns, near, far)
	g.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { copyUntilEnd(near, far) })
	both.Go(func() { copyUntilEnd(far, near) })
	both.Wait()
}

func copyUntilEnd(to, from net.Conn) {
	defer to.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// set says where it leads, or shuts it.
func (g *gate) set(to string, shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut = shut; to != "" {
		g.to = to
	}
	if shut {
		for _, c := range g.conns {
			c.Close()
		}
		g.conns = nil
	}
}
