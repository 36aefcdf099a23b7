package transport

import (
	"encoding/base64"
	"net"
	"net/http"
	"strings"

	"github.com/gobwas/ws"
)

// ServeWebSocket turns the request into a connection and returns; the
// connection lives on without the request. The caller has checked the origin
// and filled in c. Opened, which may be nil, is called when the request has been
// accepted, before anything of the connection is read.
//
// A request for another version of the protocol than 2.0 is answered with 403,
// one that is no upgrade with the status of RFC 6455, and any with 503 while
// there are too many connections and once the server is shutting down.
func (s *Server) ServeWebSocket(w http.ResponseWriter, r *http.Request, c *Conn, opened func()) {
	if !speaks(r.URL.Query()["vsn"]) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	up := ws.HTTPUpgrader{Timeout: s.opt.WriteTimeout}
	if offered := r.Header["Sec-Websocket-Protocol"]; s.opt.AuthToken && len(offered) > 0 {
		token, ok := subprotocol(offered)
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		c.AuthToken = token
		up.Protocol = func(name string) bool { return name == protocolName }
	}
	if !s.admit() {
		busy(w)
		return
	}
	nc, rw, _, err := up.Upgrade(r, w)
	if err != nil {
		if nc != nil {
			_ = nc.Close() // the refusal is written; nothing was promised
		}
		s.dismiss()
		return
	}
	// What came behind the request is the beginning of the first frames. Peek
	// cannot fail for bytes that are there.
	early, _ := rw.Reader.Peek(rw.Reader.Buffered())
	if tcp, ok := nc.(*net.TCPConn); ok {
		// The client's heartbeat does it; the kernel's probes would double it.
		_ = tcp.SetKeepAlive(false)
	}
	if opened != nil {
		opened()
	}
	s.begin(nc, c, early)
}

// speaks reports whether the versions of the query, of which the last counts,
// ask for "~> 2.0.0": 2.0 with any patch, no pre-release.
func speaks(versions []string) bool {
	if len(versions) == 0 {
		return false
	}
	patch, ok := strings.CutPrefix(versions[len(versions)-1], "2.0.")
	if !ok {
		return false
	}
	patch, build, has := strings.Cut(patch, "+")
	if has && (build == "" || strings.Trim(build, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.") != "") {
		return false
	}
	return patch != "" && strings.Trim(patch, "0123456789") == "" && (patch == "0" || patch[0] != '0')
}

const (
	protocolName = "phoenix"
	bearerPrefix = "base64url.bearer.phx."
)

// subprotocol reads the offered subprotocols: "phoenix", which is selected and
// required, and at most one bearer token, in the standard alphabet of base64
// without padding in spite of its name.
func subprotocol(offered []string) (token string, ok bool) {
	bearers := 0
	for _, line := range offered {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			if name == protocolName {
				ok = true
			}
			encoded, is := strings.CutPrefix(name, bearerPrefix)
			if !is {
				continue
			}
			raw, err := base64.RawStdEncoding.DecodeString(encoded)
			if bearers++; bearers > 1 || err != nil {
				return "", false
			}
			token = string(raw)
		}
	}
	return token, ok
}
