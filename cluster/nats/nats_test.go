package nats_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"bennu/cluster/nats"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

const secret = "a secret that only the nodes of this app know, and nobody else"

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// broker is a server that runs elsewhere, on a port of this machine.
func broker(t testing.TB, port int) *server.Server {
	t.Helper()
	s := startBroker(t, port)
	t.Cleanup(func() { stop(s) })
	return s
}

// startBroker is broker for a test that stops it by itself, and starts so many
// that it must hold on to none.
func startBroker(t testing.TB, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	return s
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// outside is a carrier to a broker.
func outside(t testing.TB, node string, urls ...string) *nats.Carrier {
	t.Helper()
	c, err := nats.New(nats.Options{Node: node, App: "test", URLs: urls, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inside is a carrier with a server of its own, which joins those of the others,
// which are open.
func inside(t testing.TB, node string, others ...*nats.Carrier) *nats.Carrier {
	t.Helper()
	c, err := nats.Embed(nats.Embedded{Node: node, App: "test", Listen: "127.0.0.1:0", Peers: listening(others), Secret: secret, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// listening are the addresses of carriers that are open.
func listening(carriers []*nats.Carrier) []string {
	var all []string
	for _, c := range carriers {
		if at := c.Listening(); at != "" {
			all = append(all, at)
		}
	}
	return all
}

func TestCarrierToABroker(t *testing.T) { // which counts goroutines: nothing runs beside it
	pubsubtest.TestCarrier(t, func(t *testing.T) func(string) pubsub.Carrier {
		s := broker(t, server.RANDOM_PORT)
		return func(node string) pubsub.Carrier { return outside(t, node, s.ClientURL()) }
	})
}

func TestCarrierEmbedded(t *testing.T) { // which counts goroutines: nothing runs beside it
	pubsubtest.TestCarrier(t, func(t *testing.T) func(string) pubsub.Carrier {
		var all []*nats.Carrier
		return func(node string) pubsub.Carrier {
			c := inside(t, node, all...)
			all = append(all, c)
			return c
		}
	})
}

func TestOptionsThatAreMistakes(t *testing.T) {
	t.Parallel()
	good := nats.Options{Node: "a", URLs: []string{"nats://h:4222"}}
	embedded := nats.Embedded{Node: "a", Listen: ":0", Secret: secret}
	for name, tt := range map[string]struct {
		options  func(*nats.Options)
		embedded func(*nats.Embedded)
		want     string
	}{
		"no node":       {func(o *nats.Options) { o.Node = "" }, func(e *nats.Embedded) { e.Node = "" }, `Node is "", want 1 to 64`},
		"node with dot": {func(o *nats.Options) { o.Node = "a.b" }, func(e *nats.Embedded) { e.Node = "a.b" }, `Node is "a.b", want nothing in it but`},
		"app with star": {func(o *nats.Options) { o.App = "*" }, func(e *nats.Embedded) { e.App = "*" }, `App is "*"`},
		"long node":     {func(o *nats.Options) { o.Node = strings.Repeat("a", 65) }, nil, "want 1 to 64"},
		"no server":     {func(o *nats.Options) { o.URLs = nil }, nil, "URLs names no server"},
		"no file":       {func(o *nats.Options) { o.CredentialsFile = "none/such" }, nil, "CredentialsFile: open none/such"},
		"no URL":        {func(o *nats.Options) { o.URLs = []string{"broker:4222"} }, nil, "URLs[0] is no address"},
		"http":          {func(o *nats.Options) { o.URLs = []string{"http://h"} }, nil, `URLs[0] begins with "http://"`},
		"two in one":    {func(o *nats.Options) { o.URLs = []string{"nats://a,nats://b"} }, nil, "URLs[0] is no address"},
		"negative":      {func(o *nats.Options) { o.MaxQueued = -1 }, func(e *nats.Embedded) { e.MaxUnread = -1 }, "want 0 for the defaults"},
		"no listen":     {nil, func(e *nats.Embedded) { e.Listen = "" }, `Listen is ""`},
		"port":          {nil, func(e *nats.Embedded) { e.Listen = "h:99999" }, `Listen is "h:99999"`},
		"peer":          {nil, func(e *nats.Embedded) { e.Peers = []string{"h:1", ":6222"} }, `Peers[1] is ":6222"`},
		"short secret":  {nil, func(e *nats.Embedded) { e.Secret = "short" }, "Secret has 5 bytes, want at least 32"},
	} {
		if tt.options != nil {
			o := good
			tt.options(&o)
			if _, err := nats.New(o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: New: %v, want an error with %q", name, err, tt.want)
			}
		}
		if tt.embedded != nil {
			e := embedded
			tt.embedded(&e)
			if _, err := nats.Embed(e); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: Embed: %v, want an error with %q", name, err, tt.want)
			}
		}
	}
}
