package channel_test

import (
	"bytes"
	"strings"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// forger is a carrier that puts something else in the place of a broadcast.
type forger struct {
	pubsub.Carrier
	body string
}

func (f *forger) Send(message []byte) error {
	if head, _, ok := bytes.Cut(message, []byte(`{"e":"forged"`)); ok {
		message = append(bytes.Clone(head), f.body...)
	}
	return f.Carrier.Send(message)
}

// What another node sends in place of a broadcast ends nothing here, and does not
// reach clients: names of the protocol's own, those that no frame can carry, and
// what is no broadcast at all.
func TestForgedBroadcastsOfOtherNodes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`null`, `{}`, `{"e":""}`, `{"e":"phx_close"}`, `{"e":"phx_reply","j":{"status":"ok"}}`,
		`{"e":"` + strings.Repeat("x", 256) + `","d":"AAAA","b":true}`,
	} {
		network := pubsubtest.NewNetwork()
		h := rooms(talk)
		h.PubSub = pubsubtest.Join(t, network.Carrier("one"), pubsub.Cluster{})
		other := pubsubtest.Join(t, &forger{network.Carrier("two"), body}, pubsub.Cluster{})
		s := channeltest.Serve(t, h)
		c := s.Connect(ann).Join("room:a", nil)
		for _, event := range []string{"forged", "number"} {
			if err := channel.Broadcast(other, "room:a", event, 7); err != nil {
				t.Fatal(err)
			}
		}
		got := 0
		c.RequirePush("number", &got)
		if got != 7 {
			t.Errorf("%.40s: then %d, want 7", body, got)
		}
		if n := h.PubSub.Stats().Panics; n != 0 {
			t.Errorf("%.40s: %d panics", body, n)
		}
	}
}
