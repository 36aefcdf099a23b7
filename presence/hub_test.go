package presence_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"bennu/presence"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

var _ presence.Carrier = (*pubsub.Pipe)(nil)

// Trackers of hubs that are joined know each other's people, through losses, a
// partition, and the goodbye of a node.
func TestTrackersOfJoinedHubs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
		var hubs []*pubsub.Hub
		var trackers []*presence.Tracker
		var rooms []presence.Topic[string]
		for _, name := range []string{"a", "b", "c"} {
			hub := pubsub.New()
			hub.Log = quiet
			if err := hub.Join(context.Background(), net.Carrier(name), pubsub.Cluster{}); err != nil {
				t.Fatal(err)
			}
			tracker, err := presence.New(presence.Options{Carrier: hub.Pipe("presence"), Log: quiet, Down: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			hubs, trackers, rooms = append(hubs, hub), append(trackers, tracker), append(rooms, presence.NewTopic[string](tracker, "room"))
		}
		keys := func(i int) (all []string) {
			for _, p := range rooms[i].List() {
				all = append(all, p.Key)
			}
			return all
		}
		want := func(what string, want ...[]string) {
			t.Helper()
			synctest.Wait()
			for i, w := range want {
				if got := keys(i); fmt.Sprint(got) != fmt.Sprint(w) {
					t.Errorf("%s: node %d has %v, want %v", what, i, got, w)
				}
			}
		}
		net.SetFaults(pubsubtest.Faults{Loss: .2, Duplicate: .2, Reorder: .2, Delay: time.Millisecond, Seed: 1})
		for i, room := range rooms {
			if _, err := room.Track(fmt.Sprint("user", i), "here"); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(20 * time.Second) // of the bubble
		all := []string{"user0", "user1", "user2"}
		want("with losses", all, all, all)
		net.SetFaults(pubsubtest.Faults{})
		net.Partition([]string{"a", "b"}, []string{"c"})
		time.Sleep(15 * time.Second) // of the bubble
		want("parted", all[:2], all[:2], all[2:])
		net.Heal()
		time.Sleep(15 * time.Second) // of the bubble
		want("healed", all, all, all)
		trackers[2].Close()
		time.Sleep(time.Second) // of the bubble
		want("one has left", all[:2], all[:2])
		for i := range hubs {
			trackers[i].Close()
			if err := hubs[i].Leave(); err != nil {
				t.Error(err)
			}
		}
	})
}
