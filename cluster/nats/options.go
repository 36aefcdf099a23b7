package nats

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"

	client "github.com/nats-io/nats.go"
)

// Options say which servers a node connects to, and as whom.
type Options struct {
	// Node is this node's name, which no other one has: 1 to 64 of a-z, A-Z, 0-9, -
	// and _.
	Node string
	// App is what apps that share a broker are told apart by; empty is "bennu".
	// Only nodes of one App hear each other.
	App string
	// URLs are the servers, "nats://host:4222" or "tls://user:password@host:4222".
	// One of them is taken, and another one when it is lost.
	URLs []string
	// CredentialsFile is a file of NATS credentials (JWT and seed), if the servers
	// want one.
	CredentialsFile string
	// TLS is for servers that want more than a certificate that this machine
	// trusts; nil is the usual.
	TLS *tls.Config
	// MaxQueued is how many bytes may wait to be sent, and MaxUnread how many
	// messages to be read; 0 is 16 MiB and 65,536. What does not fit is lost, which
	// those who miss it are told.
	MaxQueued, MaxUnread int
	// Log is told when the connection is lost and found; nil is [slog.Default].
	Log *slog.Logger
	// Client are further options of the client, which go before those above.
	Client []client.Option
}

const (
	defaultApp       = "bennu"
	defaultMaxQueued = 16 << 20
	defaultMaxUnread = 1 << 16
)

func (o Options) withDefaults() (Options, error) {
	if o.App == "" {
		o.App = defaultApp
	}
	if o.MaxQueued == 0 {
		o.MaxQueued = defaultMaxQueued
	}
	if o.MaxUnread == 0 {
		o.MaxUnread = defaultMaxUnread
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o, errors.Join(checkName("Node", o.Node), checkName("App", o.App), checkLimits(o))
}

func checkLimits(o Options) error {
	if o.MaxQueued < 0 || o.MaxUnread < 0 {
		return fmt.Errorf("nats: MaxQueued is %d and MaxUnread %d, want 0 for the defaults, or positive ones", o.MaxQueued, o.MaxUnread)
	}
	return nil
}

// checkName is an error for what cannot be a part of a subject: the name would
// be several, or match others.
func checkName(what, name string) error {
	const most = 64
	if name == "" || len(name) > most {
		return fmt.Errorf("nats: %s is %.80q, want 1 to %d of a-z, A-Z, 0-9, - and _", what, name, most)
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return fmt.Errorf("nats: %s is %.80q, want nothing in it but a-z, A-Z, 0-9, - and _", what, name)
		}
	}
	return nil
}

// checkFile is an error for credentials that cannot be read. Waiting does not
// cure that, as it may what a server says of them.
func checkFile(credentials string) error {
	if credentials == "" {
		return nil
	}
	if _, err := os.ReadFile(credentials); err != nil {
		return fmt.Errorf("nats: CredentialsFile: %w", err)
	}
	return nil
}

// checkURLs is an error for what no server can be reached by. Passwords in them
// are not repeated.
func checkURLs(urls []string) error {
	if len(urls) == 0 {
		return errors.New(`nats: URLs names no server, want some such as "nats://host:4222"`)
	}
	for i, text := range urls {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || strings.ContainsAny(text, ", ") {
			return fmt.Errorf(`nats: URLs[%d] is no address of a server, want one such as "nats://host:4222"`, i)
		}
		switch u.Scheme {
		case "nats", "tls", "ws", "wss":
		default:
			return fmt.Errorf("nats: URLs[%d] begins with %q, want nats:// or tls://", i, u.Scheme+"://")
		}
	}
	return nil
}
