package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// three are nodes of one app, which know each other.
func three(t *testing.T, env ...string) (a, b, c *node) {
	t.Helper()
	a = startNode(t, "a", nil, env...)
	b = startNode(t, "b", []string{a.at}, env...)
	c = startNode(t, "c", []string{a.at, b.at}, env...)
	for _, n := range []*node{a, b, c} {
		until(t, "node "+n.url+" to be ready", func() bool {
			status, body := n.get("/readyz")
			return status == 200 && body == "ok\n"
		})
	}
	return a, b, c
}

// What is said on one node is heard on all, and everybody is seen there. A node
// is killed: its people leave, and nobody else does; they come to another node
// with the page that they have.
func TestFault103KilledNode(t *testing.T) {
	t.Parallel()
	a, b, c := three(t, "BENNU_PRESENCE_DOWN=5s")
	ann, bob, bea, cid := enter(t, a, "ann"), enter(t, b, "bob"), enter(t, b, "bea"), enter(t, c, "cid")
	for _, g := range []*guest{ann, bob, bea, cid} {
		g.wants("here", "ann,bea,bob,cid")
	}
	cid.says("good morning")
	for _, g := range []*guest{ann, bob, bea, cid} {
		g.wants("messages", "good morning")
	}

	start := time.Now()
	b.signal(syscall.SIGKILL)
	bob.visit.url = c.url + "/room?name=bob"
	back := &guest{joined: bob.visit.dial().join(bob.visit, 1), visit: bob.visit, shows: map[string]string{}}
	back.take(back.frame.raw)
	came := time.Since(start)
	for _, g := range []*guest{ann, cid, back} {
		g.wants("left", "bea,bob") // bob is here again, and was there
		g.wants("here", "ann,bob,cid")
	}
	left := time.Since(start)
	back.says("I am back")
	ann.wants("messages", "good morning,I am back")
	cid.wants("messages", "good morning,I am back")
	cid.conn.CloseNow()
	ann.wants("left", "bea,bob,cid") // the next one who leaves is one who has gone
	t.Logf("a page of the killed node is at another one after %v, its people have left after %v (down after 5 s)", came.Round(time.Millisecond), left.Round(time.Millisecond))
}

// A node is asked to stop: its people leave at once, long before the others
// would give it up.
func TestFault102StoppedNodeTellsPresence(t *testing.T) {
	t.Parallel()
	a, b, _ := three(t, "BENNU_PRESENCE_DOWN=1h")
	ann, bob := enter(t, a, "ann"), enter(t, b, "bob")
	ann.wants("here", "ann,bob")
	bob.wants("here", "ann,bob")
	start := time.Now()
	b.signal(syscall.SIGTERM)
	ann.wants("left", "bob")
	ann.wants("here", "ann")
	t.Logf("the person of a node that is asked to stop has left %v after the signal", time.Since(start).Round(time.Millisecond))
	if code := b.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it exits with %d, want 0", code)
	}
	if status, body := a.get("/readyz"); status != 200 || body != "ok\n" {
		t.Errorf("/readyz of a node that is left: %d %q", status, body)
	}
}

// The nodes are parted 2/1. Each side goes on; together again everybody is there
// once, and whoever has missed something is told.
func TestFault107PartedProcesses(t *testing.T) {
	t.Parallel()
	toA, toB := newGate(t), newGate(t)
	down := "BENNU_PRESENCE_DOWN=5s"
	a := startNode(t, "a", nil, down, "BENNU_ADVERTISE="+toA.Addr().String())
	b := startNode(t, "b", []string{a.at}, down, "BENNU_ADVERTISE="+toB.Addr().String())
	toA.set(a.at, false)
	toB.set(b.at, false)
	// The third one reaches the others by the gates only, and is reached by nobody.
	c := startNode(t, "c", []string{toA.Addr().String(), toB.Addr().String()}, down, "BENNU_ADVERTISE=127.0.0.1:1")
	ann, bob, cid := enter(t, a, "ann"), enter(t, b, "bob"), enter(t, c, "cid")
	for _, g := range []*guest{ann, bob, cid} {
		g.wants("here", "ann,bob,cid")
	}
	cid.says("zero")
	ann.hears("zero")

	toA.set("", true)
	toB.set("", true)
	ann.wants("left", "cid")
	ann.wants("here", "ann,bob")
	cid.wants("left", "ann,bob")
	cid.wants("here", "cid")
	bob.says("of two")
	ann.hears("of two")
	cid.says("of one")
	cid.hears("of one")
	until(t, "the one that is alone to say so", func() bool {
		status, body := c.get("/readyz")
		return status == 200 && body == "degraded: cluster\n"
	})
	if status, _ := c.get("/livez"); status != 200 {
		t.Errorf("/livez of a node without others: %d", status)
	}

	toA.set("", false)
	toB.set("", false)
	for _, g := range []*guest{ann, bob, cid} {
		g.wants("here", "ann,bob,cid")
	}
	bob.says("whole")
	cid.hears("whole")
	cid.says("again")
	ann.hears("again")
	for cid.shows["missed"] == "0" {
		cid.take(cid.read().raw)
	}
	cid.hears("again")
	if cid.shows["messages"] != "zero,of one,whole,again" || ann.shows["messages"] != "zero,of two,whole,again" {
		t.Errorf("what was said on one side of the cut: %q and %q", cid.shows["messages"], ann.shows["messages"])
	}
	for _, n := range []*node{a, b, c} {
		until(t, "all to be well again", func() bool {
			status, body := n.get("/readyz")
			return status == 200 && body == "ok\n"
		})
	}
}

// A node with another secret is not let in, and a second one of a name does not
// start.
func TestFault110Fault111NodesThatDoNotBelong(t *testing.T) {
	t.Parallel()
	a := startNode(t, "a", nil)
	stranger := startNode(t, "x", []string{a.at}, "SECRET_KEY_BASE="+strings.Repeat("fedcba9876543210", 4))
	stranger.line(0, "level=WARN", "nats: ", "uthori")
	ann, eve := enter(t, a, "ann"), enter(t, stranger, "eve")
	ann.says("among us")
	ann.hears("among us")
	eve.says("let me in")
	eve.wants("messages", "let me in")
	if ann.shows["here"] != "ann" || ann.shows["messages"] != "among us" || eve.shows["here"] != "eve" {
		t.Errorf("ann sees %v, eve %v", ann.shows, eve.shows)
	}
	if text := a.text() + stranger.text(); strings.Contains(text, secret) {
		t.Error("the log has the secret")
	}

	second := nodeProgram(t, "a", []string{a.at})
	<-second.done
	if code := second.cmd.ProcessState.ExitCode(); code == 0 || !strings.Contains(second.text(), `is called "a" as well`) {
		t.Errorf("a second node of a name exits with %d:\n%s", code, second.text())
	}
	if status, body := a.get("/readyz"); status != 200 || body != "ok\n" {
		t.Errorf("/readyz of the first: %d %q", status, body)
	}
}
