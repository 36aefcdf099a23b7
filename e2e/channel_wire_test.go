package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// What goes over the wire on channels, frame by frame, and what a client gets
// that breaks the rules.

// wireClient is a connection to a socket of channels.
type wireClient struct {
	t    *testing.T
	conn *websocket.Conn
}

func dialChannels(t *testing.T, address, user string) *wireClient {
	t.Helper()
	conn, resp, err := websocket.Dial(t.Context(), strings.Replace(address, "http", "ws", 1)+"/websocket?vsn=2.0.0&user="+user, nil)
	if err != nil {
		t.Fatalf("dial: %v, %v", resp, err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &wireClient{t, conn}
}

func (c *wireClient) send(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *wireClient) sendBinary(b string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageBinary, []byte(b)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *wireClient) read() (kind websocket.MessageType, text string) {
	c.t.Helper()
	kind, b, err := c.conn.Read(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return kind, string(b)
}

// want holds that these are the next messages.
func (c *wireClient) want(texts ...string) {
	c.t.Helper()
	for _, want := range texts {
		if _, got := c.read(); got != want {
			c.t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
}

// ask sends a message and wants the answers.
func (c *wireClient) ask(text string, answers ...string) {
	c.t.Helper()
	c.send(text)
	c.want(answers...)
}

// closed waits for the server to close, and wants the code.
func (c *wireClient) closed(want websocket.StatusCode) {
	c.t.Helper()
	for {
		if _, _, err := c.conn.Read(c.t.Context()); err != nil {
			if got := websocket.CloseStatus(err); got != want {
				c.t.Errorf("closed with %v (%v), want %v", got, err, want)
			}
			return
		}
	}
}

// personsOf reads one side of a presence_diff.
type personsOf map[string]struct {
	Metas []struct {
		Ref  string `json:"phx_ref"`
		Prev string `json:"phx_ref_prev"`
		Mood string `json:"mood"`
	}
}

// diff reads a presence_diff and the three fields before its topic's.
func (c *wireClient) diff() (head [4]any, joins, leaves personsOf) {
	c.t.Helper()
	_, text := c.read()
	var message [5]json.RawMessage
	if err := json.Unmarshal([]byte(text), &message); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	for i := range head {
		if err := json.Unmarshal(message[i], &head[i]); err != nil {
			c.t.Fatal(err)
		}
	}
	var sides struct{ Joins, Leaves *personsOf }
	if err := json.Unmarshal(message[4], &sides); err != nil || sides.Joins == nil || sides.Leaves == nil {
		c.t.Fatalf("%s: %v, want both joins and leaves", text, err)
	}
	return head, *sides.Joins, *sides.Leaves
}

func TestItem143And144PresenceDiffs(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	c := dialChannels(t, address, "ann")
	c.send(`["1","1","people:lobby","phx_join",{}]`)
	c.want(`["1","1","people:lobby","phx_reply",{"status":"ok","response":{}}]`)
	_, state := c.read()
	var message [5]json.RawMessage
	var people personsOf
	if err := json.Unmarshal([]byte(state), &message); err != nil || !strings.HasPrefix(state, `["1",null,"people:lobby","presence_state",{`) {
		t.Fatalf("after the join came %s (%v), want the state", state, err)
	}
	if err := json.Unmarshal(message[4], &people); err != nil || len(people["ann"].Metas) != 1 {
		t.Fatalf("the state is %s (%v)", message[4], err)
	}
	first := people["ann"].Metas[0]
	dialChannels(t, address, "bob").send(`["1","1","people:lobby","phx_join",{}]`)
	if head, joins, leaves := c.diff(); len(joins["bob"].Metas) != 1 || len(joins) != 1 || len(leaves) != 0 || head != [4]any{nil, nil, "people:lobby", "presence_diff"} {
		t.Errorf("a join is told as %v %v %v, want leaves that are {}", head, joins, leaves)
	}
	c.send(`["1","2","people:lobby","mood",{"mood":"merry"}]`)
	var reply string
	var joins, leaves personsOf
	for range 2 { // the answer and the diff, in either order
		kind, text := c.read()
		if strings.Contains(text, "phx_reply") {
			reply = text
			continue
		}
		var m [5]json.RawMessage
		var sides struct{ Joins, Leaves personsOf }
		if err := json.Unmarshal([]byte(text), &m); err != nil || kind != websocket.MessageText {
			t.Fatal(text, err)
		}
		if err := json.Unmarshal(m[4], &sides); err != nil {
			t.Fatal(text, err)
		}
		joins, leaves = sides.Joins, sides.Leaves
	}
	if reply != `["1","2","people:lobby","phx_reply",{"status":"ok","response":{}}]` {
		t.Errorf("reply %s", reply)
	}
	if len(joins["ann"].Metas) != 1 || len(leaves["ann"].Metas) != 1 {
		t.Fatalf("an update is told as joins %v, leaves %v", joins, leaves)
	}
	joined, left := joins["ann"].Metas[0], leaves["ann"].Metas[0]
	if left.Ref != first.Ref || joined.Prev != first.Ref || joined.Ref == first.Ref || joined.Mood != "merry" || left.Mood != "fine" {
		t.Errorf("the update of %+v joins %+v and leaves %+v", first, joined, left)
	}
}

func TestItem145BroadcastsAreOfNoInstance(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	c := dialChannels(t, address, "ann")
	c.ask(`["7","7","room:lobby","phx_join",{}]`, `["7","7","room:lobby","phx_reply",{"status":"ok","response":{"since":0,"user":"ann"}}]`)
	c.ask(`["7","8","room:lobby","say",{"text":"<hé>"}]`,
		`["7","8","room:lobby","phx_reply",{"status":"ok","response":{"length":5}}]`,
		`[null,null,"room:lobby","said",{"from":"ann","text":"\u003ché\u003e"}]`)
	c.sendBinary("\x00\x01\x01\x0a\x05" + "79room:lobbybytes\x00\xff")
	for _, want := range []string{
		"\x01\x01\x01\x0a\x02" + "79room:lobbyok\x00\xff",
		"\x00\x01\x0a\x05" + "7room:lobbybytes\x00\xff",
		"\x02\x0a\x09" + "room:lobbyall bytes\x00\xff",
	} {
		if kind, got := c.read(); kind != websocket.MessageBinary || got != want {
			t.Errorf("got %v %q, want the bytes %q", kind, got, want)
		}
	}
}

const joinedLobby = `["1","1","room:lobby","phx_reply",{"status":"ok","response":{"since":0,"user":"ann"}}]`

func TestChannelsOfHostileClients(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	long := strings.Repeat("x", 250)
	for _, tt := range []struct {
		name    string
		ask     string
		answers []string
	}{
		{"unknown topic", `["2","2","nowhere","phx_join",{}]`, []string{`[null,"2","nowhere","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`}},
		{"topic of a view", `["2","2","lv:phx-1","phx_join",{}]`, []string{`[null,"2","lv:phx-1","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`}},
		{"topic that cannot be shown", `["2","2","room:\u0007","phx_join",{}]`, []string{`[null,"2","room:\u0007","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`}},
		{"longest topic", `["2","2","room:` + long + `","phx_join",{}]`, []string{`["2","2","room:` + long + `","phx_reply",{"status":"ok","response":{"since":0,"user":"ann"}}]`}},
		{"event without a join", `["2","2","room:other","say",{"text":"a"}]`, []string{`[null,"2","room:other","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`}},
		{"ref of an earlier instance", `["0","2","room:lobby","count",{}]`, nil},
		{"no join_ref", `[null,"2","room:lobby","count",{}]`, []string{`["1","2","room:lobby","phx_reply",{"status":"ok","response":1}]`}},
		{"no ref", `["1",null,"room:lobby","count",{}]`, nil},
		{"mistake without a ref", `["1",null,"room:lobby","say",5]`, nil},
		{"event without a name", `["1","2","room:lobby","",{}]`, []string{`["1","2","room:lobby","phx_reply",{"status":"error","response":{"reason":"unknown event"}}]`}},
		{"event of the protocol", `["1","2","room:lobby","phx_reply",{}]`, []string{`["1","2","room:lobby","phx_reply",{"status":"error","response":{"reason":"unknown event"}}]`}},
		{"payload null", `["1","2","room:lobby","say",null]`, []string{`["1","2","room:lobby","phx_reply",{"status":"ok","response":{"length":0}}]`, `[null,null,"room:lobby","said",{"from":"ann","text":""}]`}},
		{"payload of another kind", `["1","2","room:lobby","say","text"]`, []string{`["1","2","room:lobby","phx_reply",{"status":"error","response":{"reason":"invalid payload","want":"object","got":"string"}}]`}},
		{"number that does not fit", `["2","2","room:other","phx_join",{"since":1e99}]`, []string{`["2","2","room:other","phx_reply",{"status":"error","response":{"reason":"invalid payload","field":"since","want":"whole number","got":"number"}}]`}},
		{"join twice", `["2","2","room:lobby","phx_join",{}]`, []string{`["1","1","room:lobby","phx_close",{}]`, `["2","2","room:lobby","phx_reply",{"status":"ok","response":{"since":0,"user":"ann"}}]`}},
		{"join without a ref", `[null,null,"room:other","phx_join",{}]`, []string{`[null,null,"room:other","phx_reply",{"status":"error","response":{"reason":"join without ref"}}]`}},
		{"leave", `["1","2","room:lobby","phx_leave",{}]`, []string{`["1","2","room:lobby","phx_reply",{"status":"ok","response":{}}]`, `["1","1","room:lobby","phx_close",{}]`}},
		{"leave of what is not joined", `["2","2","room:other","phx_leave",{}]`, []string{`["2","2","room:other","phx_reply",{"status":"ok","response":{}}]`}},
		{"crash", `["1","2","room:lobby","crash",{}]`, []string{`["1","1","room:lobby","phx_error",{"reason":"channel_crash"}]`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := dialChannels(t, address, "ann")
			c.ask(`["1","1","room:lobby","phx_join",{}]`, joinedLobby)
			c.ask(tt.ask, tt.answers...)
			// What is asked last is answered behind it, on another topic too.
			c.ask(`["9","9","room:last","phx_join",{}]`, `["9","9","room:last","phx_reply",{"status":"ok","response":{"since":0,"user":"ann"}}]`)
		})
	}
}

func TestChannelsCloseWhoBreaksTheProtocol(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	for _, tt := range []struct {
		name   string
		text   string
		binary bool
		want   websocket.StatusCode
	}{
		{"no JSON", `{`, false, websocket.StatusInvalidFramePayloadData},
		{"topic too long", `["1","1","` + strings.Repeat("x", 256) + `","phx_join",{}]`, false, websocket.StatusInvalidFramePayloadData},
		{"too deep", `["1","1","room:lobby","say",` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `]`, false, websocket.StatusInvalidFramePayloadData},
		{"too big", `["1","1","room:lobby","say","` + strings.Repeat("x", 70_000) + `"]`, false, websocket.StatusMessageTooBig},
		{"wrong lengths", "\x00\xff\xff\xff\xff1", true, websocket.StatusInvalidFramePayloadData},
		{"a server's frame", "\x02\x01\x01ab", true, websocket.StatusInvalidFramePayloadData},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := dialChannels(t, address, "ann")
			c.ask(`["1","1","room:lobby","phx_join",{}]`, joinedLobby)
			other := dialChannels(t, address, "ann")
			other.ask(`["1","1","room:lobby","phx_join",{}]`, joinedLobby)
			if tt.binary {
				c.sendBinary(tt.text)
			} else {
				c.send(tt.text)
			}
			c.closed(tt.want)
			other.ask(`["1","2","room:lobby","count",{}]`, `["1","2","room:lobby","phx_reply",{"status":"ok","response":1}]`)
		})
	}
}

func TestChannelsOnOneSocketAreBounded(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	c := dialChannels(t, address, "ann")
	accepted, refused := 0, 0
	for i := range 150 {
		c.send(fmt.Sprintf(`["%d","%d","room:%d","phx_join",{}]`, i, i, i))
	}
	for range 150 {
		switch _, text := c.read(); {
		case strings.Contains(text, `"status":"ok"`):
			accepted++
		case strings.Contains(text, `"too many channels joined"`):
			refused++
		}
	}
	if accepted != 100 || refused != 50 {
		t.Errorf("%d joins accepted and %d refused, want 100 and 50", accepted, refused)
	}
	c.ask(`[null,"1","phoenix","heartbeat",{}]`, `[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]`)
}

func TestSocketsOfChannelsRefuse(t *testing.T) {
	t.Parallel()
	_, address := channelApp(t)
	for _, tt := range []struct {
		name, query string
		header      http.Header
		want        int
	}{
		{"nobody", "vsn=2.0.0", nil, 403},
		{"another version", "vsn=1.0.0&user=ann", nil, 403},
		{"no version", "user=ann", nil, 403},
		{"another site", "vsn=2.0.0&user=ann", http.Header{"Origin": {"https://evil.test"}}, 403},
		{"another protocol", "vsn=2.0.0&user=ann", http.Header{"Sec-Websocket-Protocol": {"graphql-ws"}}, 403},
		{"a token that is none", "vsn=2.0.0&user=ann", http.Header{"Sec-Websocket-Protocol": {"phoenix, base64url.bearer.phx.%%"}}, 403},
		{"somebody", "vsn=2.0.0&user=ann", nil, 101},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			conn, resp, err := websocket.Dial(ctx, strings.Replace(address, "http", "ws", 1)+"/websocket?"+tt.query, &websocket.DialOptions{HTTPHeader: tt.header})
			if conn != nil {
				defer conn.CloseNow()
			}
			if resp == nil || resp.StatusCode != tt.want {
				t.Errorf("%v, %v, want %d", resp, err, tt.want)
			}
			if tt.want == 101 {
				return
			}
			if len(tt.header["Sec-Websocket-Protocol"]) > 0 {
				return // long polling has no subprotocols
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/longpoll?"+tt.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header = tt.header.Clone()
			poll, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer poll.Body.Close()
			var got map[string]any
			if err := json.NewDecoder(poll.Body).Decode(&got); err != nil || !reflect.DeepEqual(got["status"], 403.0) || poll.StatusCode != 200 {
				t.Errorf("long polling: %d %v (%v), want 403 in the body", poll.StatusCode, got, err)
			}
		})
	}
}
