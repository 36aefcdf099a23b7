package bennu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu/presence"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// member is a server of an app that has several.
type member struct {
	*App
	log   *lines
	room  pubsub.Topic[string]
	here  presence.Topic[string]
	heard *lines
}

func newMember(t *testing.T, net *pubsubtest.Network, node string, change ...func(*Options)) *member {
	t.Helper()
	m := &member{log: new(lines), heard: new(lines)}
	opts := Options{Carrier: net.Carrier(node), Logger: slog.New(slog.NewTextHandler(m.log, nil)), Presence: presence.Options{Down: 10 * time.Second}}
	for _, c := range change {
		c(&opts)
	}
	m.App = newTestApp(t, opts)
	m.Health()
	m.room, m.here = pubsub.NewTopic[string](m.PubSub(), "room"), presence.NewTopic[string](m.Presence(), "room")
	sub, err := m.room.Subscribe(func(text string) { fmt.Fprint(m.heard, text, " ") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Cancel)
	return m
}

func startMember(t *testing.T, net *pubsubtest.Network, node string, change ...func(*Options)) *member {
	t.Helper()
	m := newMember(t, net, node, change...)
	if err := m.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// end shuts servers down.
func end(t *testing.T, members ...*member) {
	t.Helper()
	for _, m := range members {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if err := m.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		cancel()
	}
}

// ready is what /readyz answers.
func (m *member) ready() string {
	got := ask(m, "GET", "/readyz")
	return fmt.Sprint(got.Code, " ", strings.TrimSpace(got.Body.String()))
}

// people are the keys of who is here.
func (m *member) people() string {
	var keys []string
	for _, p := range m.here.List() {
		keys = append(keys, p.Key)
	}
	return strings.Join(keys, " ")
}

// settle lets fake time pass until all has been told.
func settle() {
	time.Sleep(3 * time.Second) // of the bubble
	synctest.Wait()
}

// Faults, row 106: what servers tell each other, and what they say when they
// cannot.
func TestFault106ServersWithoutTheirCarrier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		early := newMember(t, net, "early")
		if got := early.ready(); got != "503 starting" {
			t.Errorf("/readyz before the start: %s", got)
		}
		if !strings.Contains(early.log.String(), "call App.Start") {
			t.Errorf("the log lacks that the cluster does not run:\n%s", early.log)
		}
		a, b := startMember(t, net, "a"), startMember(t, net, "b")
		if _, err := a.here.Track("ann", ""); err != nil {
			t.Fatal(err)
		}
		if err := a.room.Broadcast("hello"); err != nil {
			t.Error(err)
		}
		settle()
		for _, m := range []*member{a, b} {
			if m.heard.String() != "hello " || m.people() != "ann" || m.ready() != "200 ok" {
				t.Errorf("node %s heard %q, has %q, is %s", m.PubSub().Node(), m.heard, m.people(), m.ready())
			}
		}
		for _, want := range []string{"├─ cluster ", "node a with b", "├─ presence ", "1 here, 1 in all", "└─ sockets "} {
			if tree := a.Tree().String(); !strings.Contains(tree, want) {
				t.Errorf("the tree lacks %q:\n%s", want, tree)
			}
		}

		net.Away()
		settle()
		if err := a.room.Broadcast("alone"); !errors.Is(err, pubsub.ErrAway) {
			t.Errorf("Broadcast = %v, want that the carrier is away", err)
		}
		settle()
		if a.heard.String() != "hello alone " || b.heard.String() != "hello " {
			t.Errorf("heard here %q, there %q", a.heard, b.heard)
		}
		if got := a.ready(); got != "200 degraded: cluster" {
			t.Errorf("/readyz without the carrier: %s", got)
		}
		if got := ask(a, "GET", "/livez"); got.Code != 200 {
			t.Errorf("/livez without the carrier: %d", got.Code)
		}
		late := startMember(t, net, "late") // which is no reason not to start
		if got := late.ready(); got != "200 degraded: cluster" || !strings.Contains(late.log.String(), "out of reach") {
			t.Errorf("/readyz of one that starts without the carrier: %s; log:\n%s", got, late.log)
		}
		net.Back()
		settle()
		for _, m := range []*member{a, b, late} {
			if m.people() != "ann" || m.ready() != "200 ok" {
				t.Errorf("back: node %s has %q, is %s", m.PubSub().Node(), m.people(), m.ready())
			}
		}
		end(t, late, b, a)
	})
}

// Faults, row 102: whoever is here leaves the lists of the other servers when
// this one stops, however its workers hang, and long before it would be noticed
// to be silent; and it is no fault that it is gone.
func TestFault102ServerThatStopsTellsPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := startMember(t, net, "a"), newMember(t, net, "b", func(o *Options) { o.ShutdownTimeout = 5 * time.Second })
		hang := make(chan struct{})
		b.Supervise(Worker{Name: "hangs", Run: func(context.Context) error { <-hang; return nil }})
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.here.Track("bob", ""); err != nil {
			t.Fatal(err)
		}
		settle()
		if a.people() != "bob" {
			t.Errorf("node a has %q, want bob", a.people())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := b.Shutdown(ctx); err == nil || !strings.Contains(err.Error(), "stuck") {
			t.Errorf("Shutdown = %v, want that a worker is stuck", err)
		}
		synctest.Wait()
		if a.people() != "" {
			t.Errorf("node a has %q after b has gone", a.people())
		}
		if h := a.PubSub().Health(); h.Err != nil || len(h.Nodes) != 0 {
			t.Errorf("Health = %+v, want that b is gone and all is well", h)
		}
		close(hang)
		end(t, a)
	})
}

// Faults, rows 110 and 111: who does not belong here is not heard, and who is
// here already is not there twice.
func TestFault110ServersWithOtherSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		other := func(o *Options) { o.SecretKeyBase = strings.Repeat("another secret, ", 5) }
		a, b := startMember(t, net, "a"), startMember(t, net, "b", other)
		if err := a.room.Broadcast("hello"); err != nil {
			t.Error(err)
		}
		settle()
		if b.heard.String() != "" || a.ready() != "200 degraded: cluster" || b.ready() != "200 degraded: cluster" {
			t.Errorf("b has heard %q; /readyz: %s and %s", b.heard, a.ready(), b.ready())
		}
		if log := a.log.String(); !strings.Contains(log, "another secret") || strings.Contains(log, testSecret) {
			t.Errorf("the log of a:\n%s", log)
		}
		end(t, b)

		// A secret that is changed on one server after the other.
		between := startMember(t, net, "c", other, func(o *Options) { o.RetiredSecrets = []string{testSecret} })
		ready := startMember(t, net, "d", func(o *Options) { o.RetiredSecrets = []string{strings.Repeat("another secret, ", 5)} })
		if err := between.room.Broadcast("changed"); err != nil {
			t.Error(err)
		}
		settle()
		if !strings.Contains(ready.heard.String(), "changed") {
			t.Errorf("d has heard %q", ready.heard)
		}
		end(t, between, ready, a)

		// What servers have to share beside the secret.
		v1, v2 := startMember(t, net, "v1", func(o *Options) { o.Cluster.Fingerprint = "1" }), startMember(t, net, "v2", func(o *Options) { o.Cluster.Fingerprint = "2" })
		v3 := startMember(t, net, "v3", func(o *Options) { o.Cluster.Fingerprint, o.Cluster.Accepted = "3", []string{"2"} })
		if err := v2.room.Broadcast("two"); err != nil {
			t.Error(err)
		}
		settle()
		if v1.heard.String() != "" || v3.heard.String() != "two " {
			t.Errorf("heard %q and %q, want nothing and two", v1.heard, v3.heard)
		}
		end(t, v1, v2, v3)
	})
}

func TestFault111SecondServerOfAName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a := startMember(t, net, "a")
		second := newMember(t, net, "a")
		err := second.Start(t.Context())
		if _, ok := errors.AsType[*pubsub.DuplicateNodeError](err); !ok || !strings.Contains(err.Error(), `"cluster" did not start`) {
			t.Errorf("Start = %v, want that the name is taken", err)
		}
		if a.ready() != "200 ok" {
			t.Errorf("/readyz of the first: %s", a.ready())
		}
		end(t, a)
	})
	for _, o := range []Options{{Carrier: pubsubtest.NewNetwork().Carrier("")}, {Presence: presence.Options{Down: 1}}} {
		o.SecretKeyBase = testSecret
		if _, err := newApp(o); err == nil {
			t.Errorf("newApp(%+v): no error", o)
		}
	}
}
