package transport

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/gobwas/ws"

	"bennu/internal/wire"
)

// A RefusedError is why a request is not answered as it asked. Nothing of the
// answer has been written, but for headers that belong to it.
type RefusedError struct {
	Status int
	Reason string
}

// Error is the reason.
func (e *RefusedError) Error() string { return "transport: " + e.Reason }

// HTTPStatus is the status of the answer.
func (e *RefusedError) HTTPStatus() int { return e.Status }

func refused(status int, reason string) error { return &RefusedError{status, reason} }

// ServeWebSocket turns the request into a connection and returns; the
// connection lives on without the request. The caller has checked the origin
// and filled in c. Opened, which may be nil, is called when the request has been
// accepted, before anything of the connection is read.
//
// A [*RefusedError] is for the caller to answer: status 403 for another version
// of the protocol than 2.0, 400, 405 or 426 for what is no upgrade, and 503
// while there are too many connections and once the server is shutting down.
func (s *Server) ServeWebSocket(w http.ResponseWriter, r *http.Request, c *Conn, opened func()) error {
	if err := checkUpgrade(w, r); err != nil {
		return err
	}
	if !speaks(wire.QueryValues(r.URL.RawQuery, "vsn")) {
		return refused(http.StatusForbidden, "the client speaks another version of the protocol; want vsn=2.0.0")
	}
	up := ws.HTTPUpgrader{Timeout: s.opt.WriteTimeout}
	if c.Info.RequestID != "" {
		up.Header = http.Header{"X-Request-Id": {c.Info.RequestID}}
	}
	if offered := r.Header["Sec-Websocket-Protocol"]; (s.opt.AuthToken || c.Accept != nil) && len(offered) > 0 {
		token, ok := subprotocol(offered)
		if !ok {
			return refused(http.StatusForbidden, "no subprotocol is supported; want phoenix")
		}
		c.AuthToken = token
		up.Protocol = func(name string) bool { return name == protocolName }
	}
	if err := c.accept(); err != nil {
		return err
	}
	if err := s.admit(w); err != nil {
		return err
	}
	nc, rw, _, err := up.Upgrade(r, w)
	if err != nil {
		if nc != nil {
			_ = nc.Close() // it answered by itself; nothing was promised
		}
		s.dismiss()
		return nil
	}
	// What came behind the request is the beginning of the first frames. Peek
	// cannot fail for bytes that are there.
	early, _ := rw.Reader.Peek(rw.Reader.Buffered())
	if tcp, ok := nc.(*net.TCPConn); ok {
		// The client's heartbeat does it; the kernel's probes would double it.
		_ = tcp.SetKeepAlive(false)
	}
	begun := false
	defer func() {
		if !begun { // opened has panicked
			_ = nc.Close()
			s.dismiss()
		}
	}()
	if opened != nil {
		opened()
	}
	begun = true
	s.begin(nc, c, early)
	return nil
}

// accept asks who opens connections. What it changes on the Conn counts.
func (c *Conn) accept() error {
	if c.Accept == nil {
		return nil
	}
	accept := c.Accept
	c.Accept = nil // it may hold on to the request
	if err := accept(c); err != nil {
		return fmt.Errorf("%w: %w", refused(http.StatusForbidden, "the app has refused the connection"), err)
	}
	return nil
}

// checkUpgrade holds a request against RFC 6455 section 4.2.1, before the
// connection is taken from the HTTP server.
func checkUpgrade(w http.ResponseWriter, r *http.Request) error {
	h := r.Header
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		return refused(http.StatusMethodNotAllowed, "a WebSocket is opened by GET")
	case r.ProtoMajor != 1:
		return refused(http.StatusHTTPVersionNotSupported, "a WebSocket is opened over HTTP/1.1")
	case !hasToken(h["Connection"], "upgrade") || !hasToken(h["Upgrade"], "websocket"):
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		return refused(http.StatusUpgradeRequired, "this address is for WebSockets; a proxy has to pass the headers Connection and Upgrade on")
	case h.Get("Sec-Websocket-Version") != "13":
		w.Header().Set("Sec-WebSocket-Version", "13")
		return refused(http.StatusUpgradeRequired, "the WebSocket has another version than 13")
	case r.ContentLength != 0:
		// Its bytes would be taken for the first frames by one of us and for the
		// body by another, such as a proxy that reuses the connection. It is not
		// waited for.
		w.Header().Set("Connection", "close")
		return refused(http.StatusBadRequest, "the request for a WebSocket has a body")
	}
	if key, err := base64.StdEncoding.DecodeString(h.Get("Sec-Websocket-Key")); err != nil || len(key) != 16 {
		return refused(http.StatusBadRequest, "the header Sec-WebSocket-Key is not 16 bytes in base64")
	}
	return nil
}

// hasToken reports that a header, which is a list, has an entry in whatever
// case.
func hasToken(lines []string, token string) bool {
	for _, line := range lines {
		for entry := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(entry), token) {
				return true
			}
		}
	}
	return false
}

// speaks reports whether the versions of the query, of which the last counts,
// ask for "~> 2.0.0": 2.0 with any patch, no pre-release.
func speaks(versions []string) bool {
	const longest = 32 // no version that a program writes is longer, and logs show it
	if len(versions) == 0 || len(versions[len(versions)-1]) > longest {
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
