package nats

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
)

// Embedded says how a node carries a NATS server in itself, which joins those of
// the other nodes.
type Embedded struct {
	// Node is this node's name, and App that of the app; see [Options].
	Node, App string
	// Listen is where the servers of other nodes reach this one: "10.0.0.1:6222", or
	// ":6222" for all addresses of the machine.
	Listen string
	// Advertise is the address that others are told, if it is not Listen.
	Advertise string
	// Peers are the addresses of some other nodes, or all; this node's own may be
	// among them. Those that are not named are heard of from the others. Nodes that
	// are not there are tried again until they are.
	Peers []string
	// Secret is what the nodes know each other by: the app's SecretKeyBase, say, of
	// which a key is derived. All nodes have the same.
	Secret string
	// TLS encrypts what goes between the nodes, and should where others use the
	// network; nil does not.
	TLS *tls.Config
	// MaxQueued and MaxUnread are those of [Options].
	MaxQueued, MaxUnread int
	// Log is told of connections; nil is [slog.Default].
	Log *slog.Logger
}

const (
	clusterName  = "bennu"
	startTimeout = 10 * time.Second
	startStep    = 100 * time.Millisecond
	// maxPending is what the server keeps for a connection before it cuts it off.
	maxPending = 256 << 20
	maxPayload = 8 << 20
)

// Embed is the carrier of a node with a server of its own. It starts with the
// carrier, when that is given to a hub, and ends with it. Only other nodes reach
// it from outside, on the address of Listen; JetStream, monitoring and the like
// are off.
func Embed(e Embedded) (*Carrier, error) {
	opts, err := Options{Node: e.Node, App: e.App, MaxQueued: e.MaxQueued, MaxUnread: e.MaxUnread, Log: e.Log}.withDefaults()
	if err != nil {
		return nil, err
	}
	config, err := e.config(opts)
	if err != nil {
		return nil, err
	}
	c := newCarrier(opts)
	var s *server.Server
	c.begin = func() ([]client.Option, error) {
		if s, err = run(config, opts); err != nil {
			return nil, err
		}
		c.setListening(s.ClusterAddr().String())
		return []client.Option{client.InProcessServer(s), client.UserInfo(config.Username, config.Password)}, nil
	}
	c.end = func() {
		if s != nil {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
	return c, nil
}

// config is what the server is told.
func (e Embedded) config(opts Options) (*server.Options, error) {
	host, port, err := address("Listen", e.Listen, true)
	if err != nil {
		return nil, err
	}
	const least = 32
	if len(e.Secret) < least {
		return nil, fmt.Errorf("nats: Secret has %d bytes, want at least %d: it keeps others out of the cluster", len(e.Secret), least)
	}
	password, err := routePassword(opts.App, e.Secret)
	if err != nil {
		return nil, err
	}
	var routes []*url.URL
	for i, peer := range e.Peers {
		if _, _, err := address(fmt.Sprintf("Peers[%d]", i), peer, false); err != nil {
			return nil, err
		}
		routes = append(routes, &url.URL{Scheme: "nats-route", Host: peer, User: url.UserPassword(clusterName, password)})
	}
	// Two nodes of one name must meet, so that the second can be told: servers of
	// one name would not.
	return &server.Options{
		ServerName: opts.Node + "-" + random(), NoSigs: true, NoSystemAccount: true,
		// The port for clients cannot be left out of a server that has others: it is one
		// of this machine alone, and has a password that nobody knows.
		Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: "node", Password: random(),
		MaxPending: maxPending, MaxPayload: maxPayload, WriteDeadline: writeTimeout,
		Cluster: server.ClusterOpts{
			Name: clusterName + "-" + opts.App, Host: host, Port: port, Advertise: e.Advertise, PoolSize: -1,
			Username: clusterName, Password: password, TLSConfig: e.TLS,
		},
		Routes: routes,
	}, nil
}

// random is a text that nobody guesses.
func random() string {
	const size = 18
	var b [size]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// routePassword is what the servers of an app tell each other. It is not the
// secret itself, which signs sessions.
func routePassword(app, secret string) (string, error) {
	const size = 24
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "bennu nats routes "+app, size)
	if err != nil {
		return "", fmt.Errorf("nats: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(key), nil
}

// address takes "host:port" apart. A server may listen without a host, and on
// port 0 for any.
func address(what, text string, listen bool) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(text)
	if err == nil {
		port, err = strconv.Atoi(digits)
	}
	const most = 1<<16 - 1
	if err != nil || port < 0 || port > most || !listen && (host == "" || port == 0) {
		return "", 0, fmt.Errorf("nats: %s is %.80q, want an address such as \"10.0.0.1:6222\"", what, text)
	}
	if listen && host == "" {
		host = "0.0.0.0"
	}
	if listen && port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// run starts a server and waits until it takes connections.
func run(config *server.Options, opts Options) (*server.Server, error) {
	s, err := server.NewServer(config)
	if err != nil {
		return nil, fmt.Errorf("nats: the server of node %q: %w", opts.Node, err)
	}
	log := &serverLog{log: opts.Log.With(slog.String("node", opts.Node))}
	s.SetLoggerV2(log, false, false, false)
	s.Start()
	for deadline := time.Now().Add(startTimeout); !s.ReadyForConnections(startStep); {
		if log.fatal() == nil && time.Now().Before(deadline) {
			continue
		}
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("nats: the server of node %q does not start: %w", opts.Node, errors.Join(log.fatal(), errNotReady))
	}
	return s, nil
}

var errNotReady = errors.New("it takes no connections")
