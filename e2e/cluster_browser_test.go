package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
)

// cluster is `make cluster`: some copies of the showcase behind a balancer.
type cluster struct {
	*server
	pids map[string]int // of the nodes, by name
}

// clusterCommand builds it.
func clusterCommand(t *testing.T) string {
	t.Helper()
	command := filepath.Join(t.TempDir(), "cluster")
	build := exec.Command("go", "build", "-o", command, "./cluster")
	build.Dir = filepath.Join("..", "examples")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return command
}

func startCluster(t *testing.T, args ...string) *cluster {
	t.Helper()
	c := &cluster{pids: map[string]int{}}
	c.server = run(t, exec.Command(clusterCommand(t), append([]string{"-program", binary(t, "showcase"), "-addr", "localhost:0"}, args...)...))
	line, at := c.line(0, "nodes behind it")
	_, rest, _ := strings.Cut(line, "http://")
	address, _, _ := strings.Cut(rest, " ")
	c.url = "http://" + strings.Replace(address, "127.0.0.1", "localhost", 1)
	for _, name := range []string{"node-1", "node-2", "node-3"} {
		line, _ := c.line(at, name+" is lost with: kill -9 ")
		pid, err := strconv.Atoi(line[strings.LastIndexByte(line, ' ')+1:])
		if err != nil {
			t.Fatal(err)
		}
		c.pids[name] = pid
	}
	return c
}

// connects is the node at which the next socket after a mark is opened.
func (c *cluster) connects(mark int) string {
	c.t.Helper()
	line, _ := c.line(mark, "msg=connected")
	name, _, _ := strings.Cut(line, " ")
	return name
}

// Two people in a room, at whichever nodes; the node of one of them is killed.
// The page comes to another node by itself, and they hear each other as before.
func TestFault103KilledNodeInTheBrowser(t *testing.T) {
	t.Parallel()
	c := startCluster(t, "-again", "0s")
	ann := newTab(t)
	mark := c.mark()
	ann.visit(c.url + "/chat/lobby")
	at := c.connects(mark)
	ann.keep()
	bob := newTab(t)
	var with string
	for with == "" || with == at { // the balancer goes round
		mark = c.mark()
		bob.visit(c.url + "/chat/lobby")
		with = c.connects(mark)
	}
	bob.keep()
	for _, p := range []*tab{ann, bob} {
		p.waitText("#count", "2")
	}
	say := func(from, to *tab, text string) {
		t.Helper()
		from.do(chromedp.SendKeys(chromedp.CSS("#text"), text+"\r"))
		for _, p := range []*tab{from, to} {
			p.wait(fmt.Sprintf(`document.querySelector("#lines").textContent.includes(%q)`, text))
		}
	}
	say(ann, bob, "good morning from "+at)
	say(bob, ann, "good morning from "+with)

	mark = c.mark()
	if err := syscall.Kill(c.pids[with], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if now := c.connects(mark); now == with {
		t.Errorf("the page is at %s, which was killed", now)
	}
	bob.wait(connected)
	say(ann, bob, "are you still there?")
	say(bob, ann, "on another node")
	for _, p := range []*tab{ann, bob} {
		p.waitText("#count", "2") // bob as he was leaves, and nobody else
		p.same(sameDocument, "true")
	}
	bob.errors() // Chromium logs that the connection was lost
	if err := c.stop(); err != nil {
		t.Error(err)
	}
	for name, pid := range c.pids {
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("%s still runs when all has ended", name)
		}
	}
}

// Three nodes, one is killed while a page is read over and over: no reading
// fails (`make cluster-kill`).
func TestClusterGoesOn(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(clusterCommand(t), "-program", binary(t, "showcase"), "-addr", "localhost:0", "-kill", "-again", "100ms").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the pages went on") {
		t.Errorf("%v\n%s", err, out)
	}
}
