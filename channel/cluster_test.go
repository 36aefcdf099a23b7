package channel_test

import (
	"slices"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// A broadcast reaches those who have joined on another node, as JSON and as
// bytes, and passes the handlers that look at it there.
func TestBroadcastReachesOtherNodes(t *testing.T) {
	t.Parallel()
	network := pubsubtest.NewNetwork()
	node := func(name string) *channeltest.Server {
		h := rooms(func(r *room) {
			talk(r)
			r.events["bytes"] = channel.OnData(func(s *channel.Socket, d channel.Data) error { s.BroadcastFrom("bytes", d); s.Reply(nil); return nil })
			r.events["nothing"] = channel.Do(func(s *channel.Socket) error { s.BroadcastFrom("nothing", nil); s.Reply(nil); return nil })
			if r.who == "bob" {
				r.out = channel.Intercepts{"said": channel.Intercept(func(s *channel.Socket, t text) error { s.Push("said", text{"they say: " + t.Text}); return nil })}
			}
		})
		h.PubSub = pubsubtest.Join(t, network.Carrier(name), pubsub.Cluster{})
		return channeltest.Serve(t, h)
	}
	one, two := node("one"), node("two")
	a, there, b := one.Connect(ann).Join("room:a", nil), two.Connect(ann).Join("room:a", nil), two.Connect(bob).Join("room:a", nil)
	a.Push("say", text{"<hé>"}).RequireOK(nil)
	var got text
	there.RequirePush("said", &got)
	if got.Text != "<hé>" {
		t.Errorf("on the other node: %q", got.Text)
	}
	b.RequirePush("said", &got)
	if got.Text != "they say: <hé>" {
		t.Errorf("through the handler of the other node: %q", got.Text)
	}
	a.Push("bytes", channel.Data{0, 255, 10}).RequireOK(nil)
	var data channel.Data
	there.RequirePush("bytes", &data)
	if !slices.Equal(data, []byte{0, 255, 10}) {
		t.Errorf("bytes on the other node: %v", data)
	}
	a.Push("bytes", channel.Data{}).RequireOK(nil)
	there.RequirePush("bytes", &data)
	if len(data) != 0 {
		t.Errorf("no bytes on the other node: %v", data)
	}
	a.Push("nothing", nil).RequireOK(nil)
	var nothing map[string]any
	there.RequirePush("nothing", &nothing)
	if len(nothing) != 0 {
		t.Errorf("no payload on the other node: %v", nothing)
	}
	a.RequireNoPush("bytes")
}
