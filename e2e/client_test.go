package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"golang.org/x/net/html"
)

// visit is what a browser learns from a page's first request.
type visit struct {
	t        testing.TB
	url      string // the page's
	client   *http.Client
	response *http.Response
	body     string

	csrf, livePath      string
	id, session, static string
	inner               string // the markup inside the view's element
}

// get asks for a page with a fresh browser's cookies.
func get(t testing.TB, address string) *visit {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{t: t, url: address, client: &http.Client{Jar: jar}}
	v.load()
	return v
}

// load asks for the page, anew if it was there before.
func (v *visit) load() {
	v.t.Helper()
	var err error
	if v.response, err = v.client.Get(v.url); err != nil {
		v.t.Fatal(err)
	}
	defer v.response.Body.Close()
	v.url = v.response.Request.URL.String() // after redirects
	b, err := io.ReadAll(v.response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.body = string(b)
	v.read()
}

// read finds the tokens in the page.
func (v *visit) read() {
	v.t.Helper()
	v.csrf, v.livePath, v.id, v.session, v.static, v.inner = "", "", "", "", "", ""
	doc, err := html.Parse(strings.NewReader(v.body))
	if err != nil {
		v.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, at := range n.Attr {
			a[at.Key] = at.Val
		}
		if n.Data == "meta" && a["name"] == "csrf-token" {
			v.csrf = a["content"]
		}
		if n.Data == "meta" && a["name"] == "live-path" {
			v.livePath = a["content"]
		}
		if _, main := a["data-phx-main"]; main {
			v.id, v.session, v.static = a["id"], a["data-phx-session"], a["data-phx-static"]
			start := strings.Index(v.body, ` id="`+v.id+`"`)
			start += strings.IndexByte(v.body[start:], '>') + 1
			v.inner = v.body[start:]
			depth := 0
			for z := 0; ; {
				open, shut := strings.Index(v.inner[z:], "<div"), strings.Index(v.inner[z:], "</div>")
				if open >= 0 && open < shut {
					depth, z = depth+1, z+open+4
					continue
				}
				if shut < 0 || depth == 0 {
					v.inner = v.inner[:z+max(shut, 0)]
					break
				}
				depth, z = depth-1, z+shut+6
			}
		}
	}
}

// socket is an open connection as the official client makes it, with raw frames.
type socket struct {
	t    testing.TB
	conn *websocket.Conn
	ref  int
	seen []frame // everything that came
}

// frame is one message [join_ref, ref, topic, event, payload].
type frame struct {
	raw                        string
	joinRef, ref, topic, event string // "" for null
	payload                    json.RawMessage
}

// dial opens the page's socket; the last argument replaces the CSRF token.
func (v *visit) dial(csrf ...string) *socket {
	v.t.Helper()
	return v.dialWith("&_live_referer=undefined", append(csrf, v.csrf)[0])
}

// dialWith opens the socket with more parameters in its address.
func (v *visit) dialWith(params, csrf string) *socket {
	v.t.Helper()
	s, resp, err := v.tryDial(params, csrf)
	if err != nil {
		v.t.Fatalf("socket: %v (%v)", err, resp)
	}
	return s
}

func (v *visit) tryDial(params, csrf string) (*socket, *http.Response, error) {
	v.t.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		v.t.Fatal(err)
	}
	header := http.Header{"Origin": {u.Scheme + "://" + u.Host}}
	for _, c := range v.client.Jar.Cookies(u) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	address := "ws://" + u.Host + v.livePath + "/websocket?_csrf_token=" + url.QueryEscape(csrf) +
		"&_mounts=0&_mount_attempts=0&vsn=2.0.0" + params
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return nil, resp, err
	}
	conn.SetReadLimit(4 << 20)
	s := &socket{t: v.t, conn: conn, ref: 3}
	v.t.Cleanup(func() { conn.CloseNow() })
	return s, resp, nil
}

// last is the ref of the message that was sent last.
func (s *socket) last() string { return fmt.Sprint(s.ref) }

// next is a fresh ref.
func (s *socket) next() string {
	s.ref++
	return fmt.Sprint(s.ref)
}

// send writes a message; payload is JSON.
func (s *socket) send(joinRef, ref, topic, event, payload string) {
	s.t.Helper()
	quote := func(v string) string {
		if v == "" {
			return "null"
		}
		b, _ := json.Marshal(v)
		return string(b)
	}
	msg := "[" + quote(joinRef) + "," + quote(ref) + "," + quote(topic) + "," + quote(event) + "," + payload + "]"
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, []byte(msg)); err != nil {
		s.t.Fatalf("send %s: %v", msg, err)
	}
}

// read is the next message.
func (s *socket) read() frame {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, b, err := s.conn.Read(ctx)
	if err != nil {
		s.t.Fatalf("read: %v; before it came %v", err, s.seen)
	}
	f := parseFrame(s.t, string(b))
	s.seen = append(s.seen, f)
	return f
}

func parseFrame(t testing.TB, raw string) frame {
	t.Helper()
	var parts []json.RawMessage
	if err := json.Unmarshal([]byte(raw), &parts); err != nil || len(parts) != 5 {
		t.Fatalf("not an array of five elements: %.200s", raw)
	}
	f := frame{raw: raw, payload: parts[4]}
	for i, dst := range []*string{&f.joinRef, &f.ref, &f.topic, &f.event} {
		if string(parts[i]) == "null" {
			continue
		}
		if err := json.Unmarshal(parts[i], dst); err != nil {
			t.Fatalf("element %d of %.200s is no string: %v", i, raw, err)
		}
	}
	return f
}

// reply is the payload of a phx_reply.
type reply struct {
	Status   string
	Response json.RawMessage
}

func (f frame) reply(t testing.TB) reply {
	t.Helper()
	if f.event != "phx_reply" {
		t.Fatalf("got %s, want a reply", f.raw)
	}
	var r reply
	if err := json.Unmarshal(f.payload, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// joined is a view that a socket has joined.
type joined struct {
	*socket
	joinRef, topic string
	rendered       map[string]any
	frame          frame
}

// joinPayload is what the official client sends for the page itself.
func (v *visit) joinPayload(mounts int) string {
	b, _ := json.Marshal(map[string]any{
		"url": v.url, "session": v.session, "static": v.static, "sticky": false,
		"params": map[string]any{"_csrf_token": v.csrf, "_mounts": mounts, "_mount_attempts": 0},
	})
	return string(b)
}

// join joins the page's view and fails unless that is accepted.
func (s *socket) join(v *visit, mounts int) *joined {
	s.t.Helper()
	ref := s.next()
	j := &joined{socket: s, joinRef: ref, topic: "lv:" + v.id}
	s.send(ref, ref, j.topic, "phx_join", v.joinPayload(mounts))
	j.frame = s.read()
	r := j.frame.reply(s.t)
	var response struct {
		Rendered map[string]any
		Version  string `json:"liveview_version"`
	}
	if err := json.Unmarshal(r.Response, &response); err != nil {
		s.t.Fatal(err)
	}
	if r.Status != "ok" || response.Version != "1.2.12" {
		s.t.Fatalf("join was answered with %s", j.frame.raw)
	}
	j.rendered = response.Rendered
	return j
}

// push sends an event as a click does, and returns its reply's frame.
func (j *joined) push(event, value string) frame {
	j.t.Helper()
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "event", `{"type":"click","event":"`+event+`","value":`+value+`}`)
	f := j.read()
	if f.event == "phx_reply" && f.ref != ref {
		j.t.Fatalf("the reply to %s has ref %s", ref, f.ref)
	}
	return f
}
