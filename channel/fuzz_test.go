package channel_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
)

// everything takes what can be taken.
type everything struct {
	Text  string         `json:"text"`
	Count int            `json:"count"`
	Flags []bool         `json:"flags"`
	Names map[string]int `json:"names"`
	Deep  *everything    `json:"deep"`
}

// FuzzEvent sends any event with any payload. No such thing ends a channel, and
// what asks for an answer gets one.
func FuzzEvent(f *testing.F) {
	for _, payload := range []string{`{}`, `{"text":"a","count":1,"flags":[true],"names":{"a":1},"deep":{"deep":{}}}`, `null`, `[]`, `5`, `"x"`,
		`{"count":1e400}`, `{"count":"1"}`, `{"text":"\ud800"}`, "\xff", ``, `{`, strings.Repeat("[", 50) + strings.Repeat("]", 50)} {
		f.Add("typed", []byte(payload), false)
		f.Add("bytes", []byte(payload), true)
	}
	f.Add("", []byte(`{}`), false)
	f.Add("phx_reply", []byte(`{}`), true)
	f.Fuzz(func(t *testing.T, event string, payload []byte, binary bool) {
		s := channeltest.Serve(t, rooms(func(r *room) {
			r.events = channel.Events{
				"typed": channel.On(func(s *channel.Socket, v everything) error { s.Reply(v); s.Broadcast("all", v); return nil }),
				"bytes": channel.OnData(func(s *channel.Socket, d channel.Data) error { s.Reply(d); s.Push("back", d); return nil }),
			}
			r.join = func(_ *room, _ *channel.Socket, p channel.Params) error {
				var v everything
				return p.Decode(&v)
			}
		}))
		c := s.Connect(ann).Join("room:a", nil)
		var push any = channel.Data(payload)
		if !binary {
			if !json.Valid(payload) {
				return // package wire lets none pass
			}
			push = json.RawMessage(payload)
		}
		c.Push(event, push).RequireSome()
		if _, err := channel.Call(context.Background(), c.Ref(), func(*room) int { return 0 }); err != nil {
			t.Errorf("after %q with %q: %v", event, payload, err)
		}
	})
}
