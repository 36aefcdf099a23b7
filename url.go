package bennu

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"bennu/internal/address"
)

// URL is a path of this host, prefix included, as a full URL:
//
//	link := app.URL(r, paths.PostEdit(post.ID)) // https://shop.test/posts/7/edit
//
// Scheme and host are those of Options.URL, or else those that the browser asked
// for, as trusted proxies tell them. Whoever sends a request chooses its host:
// what reaches others than its sender, a mail with a link to log in above all,
// needs Options.URL. Without a request (nil), it panics in production unless
// Options.URL is set; in development the host is localhost.
func (a *App) URL(r *http.Request, path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // nothing of it may get into the host
	}
	switch {
	case a.opts.URL != "":
		return a.opts.URL + path
	case r != nil:
		return a.origin(r) + path
	case a.opts.Dev:
		return "http://" + localHostPort(a.opts.Addr) + path
	}
	panic(fmt.Sprintf("bennu: App.URL(nil, %q) needs Options.URL: no request says by which host the App is reached; set it, or BENNU_URL=https://shop.example", path))
}

// localHostPort is the address on which we listen, as browsers of this machine
// name it.
func localHostPort(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "localhost"
	}
	return net.JoinHostPort("localhost", port)
}

// requestOrigin is the scheme and the host of a request, and both as text.
type requestOrigin struct {
	https      bool
	host, text string
}

// origin is the scheme and the host by which the App is reached. The text of the
// last request is taken again for the next one, which is mostly the same: open
// sockets keep it.
func (a *App) origin(r *http.Request) string {
	if a.opts.URL != "" {
		return a.opts.URL
	}
	trusted := proxies(a.opts.TrustedProxies)
	now := requestOrigin{https: trusted.https(r), host: trusted.host(r)}
	if _, _, err := splitHost(address.Lower(now.host)); err != nil {
		now.host = r.Host // a proxy passes on what a client has made up
		if _, _, err := splitHost(address.Lower(now.host)); err != nil {
			now.host = localHostPort(a.opts.Addr)
		}
	}
	if last := a.lastOrigin.Load(); last != nil && last.https == now.https && last.host == now.host {
		return last.text
	}
	now.host = strings.Clone(now.host) // not the request's whole header
	now.text = "http://" + now.host
	if now.https {
		now.text = "https://" + now.host
	}
	a.lastOrigin.Store(&now)
	return now.text
}

// checkURL reports what is wrong with Options.URL; the empty one is right.
func checkURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || text != u.Scheme+"://"+u.Host {
		return fmt.Errorf("%q, want a scheme and a host such as https://shop.test; the path below which the App is mounted is Options.Prefix", text)
	}
	if _, _, err := splitHost(address.Lower(u.Host)); err != nil {
		return fmt.Errorf("%q: %w", text, err)
	}
	return nil
}
