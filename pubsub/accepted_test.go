package pubsub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// A secret is changed on one node after the other: all hear each other in each
// step, and who has only the former one is not heard after the last.
func TestSecretThatIsChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		join := func(name, secret string, accepted ...string) *node {
			t.Helper()
			n := newNode(t, net, name)
			if err := n.Join(t.Context(), n.carrier, pubsub.Cluster{Beat: beat, Fingerprint: secret, Accepted: accepted}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, step := range []struct{ a, b []string }{
			{[]string{"old"}, []string{"old", "new"}},
			{[]string{"new", "old"}, []string{"old", "new"}},
			{[]string{"new", "old"}, []string{"new"}},
		} {
			a, b := join("a", step.a[0], step.a[1:]...), join("b", step.b[0], step.b[1:]...)
			a.broadcast(t, "1")
			a.want(t, "1")
			b.want(t, "1")
			b.broadcast(t, "2")
			a.want(t, "2")
			b.want(t, "2")
			a.wantHealth(t, true, "b")
			b.wantHealth(t, true, "a")
			end(a, b)
		}
		a, b := join("a", "new"), join("b", "old", "older")
		a.broadcast(t, "1")
		b.want(t)
		time.Sleep(beat)
		if a.Health().Err == nil || b.Health().Err == nil {
			t.Error("nodes that do not hear each other are well")
		}
		end(a, b)
	})
}
