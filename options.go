package bennu

import (
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/presence"
	"bennu/pubsub"
	"bennu/supervisor"
	"bennu/telemetry"
	"bennu/token"
)

// Options say how an [App] works. [FromEnv] fills in what differs between
// machines. In production SecretKeyBase is required; all else may be left zero.
type Options struct {
	// SecretKeyBase is what sessions and tokens are signed with: at least 64
	// random bytes, as `bennu gen secret` prints them, the same on all servers
	// of an app. In development it may be empty.
	SecretKeyBase string
	// RetiredSecrets are other values of SecretKeyBase that are accepted: what
	// comes back signed with one is signed anew. To change the secret while
	// several servers run, let all of them accept the new one first, then sign
	// with it and accept the former, and drop that after 30 days.
	RetiredSecrets []string
	// Dev is development: panics are shown with their source, files are not
	// kept by browsers, and only this machine's own names are served. `bennu
	// dev` switches it on. Never set it where others can reach the server.
	Dev bool
	// Addr is where [App.ListenAndServe] listens; empty is ":4000".
	Addr string
	// Prefix is the path below which the App is mounted in another router,
	// "/admin" say; empty is none. The router hands on paths as they came.
	Prefix string
	// URL is the scheme and the host by which browsers reach the App, as in
	// "https://shop.test", for full URLs; empty: what each request was sent to.
	URL string
	// Origins are the sites whose pages may open sockets and, with a CSRF
	// token, send forms: "https://shop.test", "//*.shop.test:4000". Empty: the
	// header Origin must name the host that the request was sent to.
	Origins []string
	// TrustedProxies are the networks of the proxies before this server, whose
	// X-Forwarded-For and X-Forwarded-Proto are believed, and for the comparison
	// with Origin also their X-Forwarded-Host; empty: nobody's. Each proxy must
	// set or replace the headers, or add to them, but not pass a client's on.
	TrustedProxies []netip.Prefix
	// Logger takes the logs; nil is [slog.Default].
	Logger *slog.Logger
	// Observers are told what happens: of requests, sockets and views, with
	// durations. See packages telemetry, telemetry/otel and telemetry/prom.
	Observers []telemetry.Observer
	// SessionStore keeps sessions; nil keeps them in a signed cookie.
	SessionStore SessionStore
	// CookieName is the name of the session's cookie; empty is "_bennu_session".
	CookieName string
	// CSP is the Content-Security-Policy of all responses, in which {nonce} and
	// {host} are filled in; empty is a strict one.
	CSP string
	// RootLayout draws what stands around every page; nil is an empty document
	// with the assets app.css and app.js, if they were built.
	RootLayout func(Page) templ.Component
	// LiveLayout draws what stands around views inside the live part of their
	// pages; nil: nothing does.
	LiveLayout live.Layout
	// PubSub is the hub of the App, by which its servers also tell each other of
	// [App.Disconnect]; nil: one of its own ([App.PubSub]). Views subscribe to
	// topics of whichever hub they are given.
	PubSub *pubsub.Hub
	// Carrier joins PubSub to the hubs of the app's other servers for as long as
	// the App runs, as those of package cluster/nats do. All servers have the same
	// SecretKeyBase, or accept each other's (RetiredSecrets); those with another one
	// are not heard. Where the carrier is away the App goes on by itself. Nil: this
	// server is alone, or somebody else has joined the hub.
	Carrier pubsub.Carrier
	// Cluster says more about that, such as what is done about a gap. Its
	// Fingerprint and Accepted are what servers have to agree on beside the secret.
	Cluster pubsub.Cluster
	// Presence are the times of [App.Presence], whose Carrier and Log are the App's.
	Presence presence.Options
	// Assets is the directory that `bennu assets build` has filled, with its
	// manifest; it is served below /assets/. Nil: there is none. Production
	// does not start with one that is empty.
	Assets fs.FS
	// Errors are the app's own error pages.
	Errors ErrorPages
	// Limits bound what clients may do; zero are good ones.
	Limits Limits
	// ShutdownTimeout is how long [App.ListenAndServe] waits for requests, views
	// and workers to end before it returns all the same; 0 is 10 s.
	ShutdownTimeout time.Duration
	// ShutdownDelay is how long the App serves on when it was asked to stop,
	// while /readyz says no already (see [Group.Health]): as long as a balancer
	// takes to send nobody here any more. 0 is not at all.
	ShutdownDelay time.Duration
	// DrainRate is how many sockets a second are closed when the App stops, so
	// that their browsers do not all come to another server at once; 0 is 1,000,
	// Unlimited all at once. Where ShutdownTimeout is too short, it is more.
	DrainRate int
	// Workers say how what is given to [App.Supervise] is restarted. Zero is one
	// for one, after a failure first at once and then a little later each time,
	// any number of times; with an Intensity, a worker that fails more often ends
	// the App. Name and Log are the App's.
	Workers supervisor.Options
}

const (
	defaultAddr            = ":4000"
	defaultShutdownTimeout = 10 * time.Second
)

// complete checks the options and fills in the defaults. The error names each
// wrong field.
func (o Options) complete() (Options, error) {
	var wrong []error
	refuse := func(field, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("bennu: Options.%s: "+format, append([]any{field}, args...)...))
	}
	switch {
	case o.SecretKeyBase != "":
	case o.Dev:
		o.SecretKeyBase = devSecret()
	default:
		refuse("SecretKeyBase", "%w", errNoSecret)
	}
	if !o.Dev && o.SecretKeyBase == devSecret() {
		refuse("SecretKeyBase", "is that of development in this directory, which anybody can compute; make one with `bennu gen secret`")
	}
	if o.SecretKeyBase != "" {
		if _, err := token.New(o.SecretKeyBase); err != nil {
			refuse("SecretKeyBase", "%w", err)
		}
		for i, s := range o.RetiredSecrets {
			if _, err := token.New(s); err != nil {
				refuse(fmt.Sprintf("RetiredSecrets[%d]", i), "%w", err)
			}
		}
	}
	if err := checkPrefix(o.Prefix); err != nil {
		refuse("Prefix", "%w", err)
	} else if !plainPath(o.Prefix) {
		refuse("Prefix", "%q is no plain path, want one such as \"/admin\"", o.Prefix)
	}
	if err := checkURL(o.URL); err != nil {
		refuse("URL", "%w", err)
	}
	for i, p := range o.TrustedProxies {
		if !p.IsValid() {
			refuse(fmt.Sprintf("TrustedProxies[%d]", i), "is no network, want one of netip.ParsePrefix(\"10.0.0.0/8\")")
		}
	}
	if o.Carrier != nil && o.Carrier.Node() == "" {
		refuse("Carrier", "it has no name of a node")
	}
	o.Limits.check(refuse)
	if o.ShutdownTimeout < 0 {
		refuse("ShutdownTimeout", "%v is negative", o.ShutdownTimeout)
	}
	if o.ShutdownDelay < 0 {
		refuse("ShutdownDelay", "%v is negative", o.ShutdownDelay)
	}
	if o.DrainRate < 0 && o.DrainRate != Unlimited {
		refuse("DrainRate", "%d, want 0 for the default, a positive number or bennu.Unlimited", o.DrainRate)
	}
	if strings.ContainsFunc(o.CookieName, func(r rune) bool { return !plainRune(r) }) {
		refuse("CookieName", "%q, want letters, digits, '-' and '_'", o.CookieName)
	}

	if o.RootLayout == nil {
		o.RootLayout = defaultLayout
	}
	if o.Addr == "" {
		o.Addr = defaultAddr
	}
	if o.ShutdownTimeout == 0 {
		o.ShutdownTimeout = defaultShutdownTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.PubSub == nil {
		o.PubSub = pubsub.New()
		o.PubSub.Log = o.Logger
	}
	o.Presence.Carrier, o.Presence.Log = nil, o.Logger
	o.Workers.Name, o.Workers.Log = "workers", o.Logger
	if o.Workers.Intensity.Restarts == 0 {
		o.Workers.Intensity.Restarts = supervisor.Unlimited
	}
	return o, errors.Join(wrong...)
}

var errNoSecret = errors.New("empty, want at least 64 random bytes; make them with `bennu gen secret` and give them to the program in SECRET_KEY_BASE")

// plainRune reports a letter, digit or mark that needs no escaping anywhere.
func plainRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

// plainPath reports a path that is the same in URLs, patterns and cookies; the
// empty one is.
func plainPath(path string) bool {
	return !strings.Contains(path, "//") && !strings.ContainsFunc(path, func(r rune) bool { return r != '/' && !plainRune(r) })
}

// devSecret is the secret of development: the same at each start of an app, so
// that sessions outlive its many restarts, and another one for each app. It is
// no secret to anybody who knows the app's directory, and never used in
// production.
func devSecret() string {
	dir, err := os.Getwd()
	if err != nil {
		dir = "unknown" // one more app with the same secret does no harm
	}
	sum := sha512.Sum512([]byte("bennu secret for development, in " + dir))
	return hex.EncodeToString(sum[:])
}
