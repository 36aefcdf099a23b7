package oracle

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/render"
)

var (
	steps = flag.Int("steps", 6000, "random states of each walk")
	seed  = flag.Uint64("seed", 0, "walk this seed alone")
)

// TestOfficialClientShowsWhatTheServerRenders walks through 24,000 states.
func TestOfficialClientShowsWhatTheServerRenders(t *testing.T) {
	t.Parallel()
	seeds := []uint64{rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64()}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	for _, s := range seeds {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			t.Parallel()
			t.Logf("seed %d", s)
			client := startClient(t)
			client.finish(walk(t, client, s))
		})
	}
}

// A walk that is not about mistakes of the renderer, but of the test itself:
// the client has to notice what is wrong.
func TestOfficialClientNotices(t *testing.T) {
	t.Parallel()
	join := `"0":{"0":"x","s":0,"r":1},"s":1,"p":{"0":["<b>","</b>"],"1":["<p>","</p>"]}`
	tests := map[string]message{
		"a slot that stayed":     {Diff: `{}`, HTML: "<p><b>y</b></p>"},
		"a slot without node":    {Diff: `{"1":{"0":"y"}}`, HTML: "<p><b>y</b></p>"},
		"a move without km":      {Diff: `{"0":{"s":["<b>","</b>"],"k":{"0":1,"kc":1}}}`, HTML: "<p><b>x</b></p>"},
		"statics out of nowhere": {Diff: `{"0":{"0":"y","s":7}}`, HTML: "<p><b>y</b></p>"},
	}
	for name, m := range tests {
		client := startClient(t)
		client.send(message{Join: true, Diff: "{" + join + "}", HTML: "<p><b>x</b></p>"})
		client.send(m)
		if r := client.end(); r.Error == "" {
			t.Errorf("%s: the client was content", name)
		}
	}
}

// walk sends a random walk to the client and returns the number of states.
func walk(t *testing.T, client *client, seed uint64) int {
	r := &chance{Rand: rand.New(rand.NewPCG(seed, 0))}
	p := r.page()
	ctx := nonce() // one for the life of the view
	var state render.State
	sent, failed, panicked := 0, 0, 0
	for join := true; sent < *steps; {
		r.change(p)
		if r.one(40) { // somebody else mounts the page
			state.Reset()
			join = true
		}
		if r.one(25) {
			p.fuse = fuse{1 + r.IntN(30), r.one(2)}
		}
		diff, err := appendDiff(ctx, &state, p)
		switch {
		case errors.Is(err, errPanic):
			panicked++
		case errors.Is(err, errFuse):
			failed++
		case err != nil:
			t.Fatalf("state %d: %v", sent, err)
		}
		p.fuse = fuse{}
		if err != nil { // nothing was sent; the view goes on from there
			continue
		}
		if !utf8.Valid(diff) {
			t.Fatalf("state %d: the diff is no UTF-8: %q", sent, diff)
		}
		html, err := render.AppendHTML(nonce(), nil, p.View())
		if err != nil {
			t.Fatalf("state %d: %v", sent, err)
		}
		// In diffs a byte that is no UTF-8 is U+FFFD.
		if !client.send(message{join, "{" + string(diff) + "}", string([]rune(string(html)))}) {
			break
		}
		sent++
		join = false
	}
	if *steps >= 1000 && (failed == 0 || panicked == 0) {
		t.Errorf("%d renders failed and %d panicked, want some of both", failed, panicked)
	}
	return sent
}

// nonce returns a context in which templ keeps something already.
func nonce() context.Context { return templ.WithNonce(context.Background(), "n0nce") }

var errPanic = errors.New("the render panicked")

// appendDiff turns the panic of a fuse into an error, and no other.
func appendDiff(ctx context.Context, state *render.State, p *Page) (diff []byte, err error) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case errFuse:
			err = errPanic
		default:
			panic(r)
		}
	}()
	return state.AppendDiff(ctx, nil, p.View())
}

// message is a line for oracle.mjs.
type message struct {
	Join bool   `json:"join"`
	Diff string `json:"diff"`
	HTML string `json:"html"`
}

// report is what oracle.mjs says at its end.
type report struct {
	Steps, Skips int
	Error        string
}

// client is the official one in a node process.
type client struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	w      *bufio.Writer
	enc    *json.Encoder
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func startClient(t *testing.T) *client {
	t.Helper()
	if _, err := os.Stat("node_modules/phoenix_live_view"); err != nil {
		t.Fatalf("the client is not installed (%v); run scripts/setup-npm.sh e2e/oracle", err)
	}
	c := &client{t: t, cmd: exec.Command("node", "oracle.mjs")}
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.in, c.w = in, bufio.NewWriterSize(in, 64<<10)
	c.enc = json.NewEncoder(c.w)
	c.enc.SetEscapeHTML(false)
	c.cmd.Stdout, c.cmd.Stderr = &c.stdout, &c.stderr
	if err := c.cmd.Start(); err != nil {
		t.Fatalf("node does not start: %v", err)
	}
	t.Cleanup(func() {
		if c.cmd.ProcessState == nil {
			c.cmd.Process.Kill()
			c.cmd.Wait()
		}
	})
	return c
}

// send gives the client a message. It returns false once the client has ended,
// which it does when something is wrong.
func (c *client) send(m message) bool { return c.enc.Encode(m) == nil }

// end waits for what the client says.
func (c *client) end() report {
	c.t.Helper()
	c.w.Flush() // an error shows in the report
	c.in.Close()
	err := c.cmd.Wait()
	var r report
	if e := json.Unmarshal(c.stdout.Bytes(), &r); e != nil {
		c.t.Fatalf("node: %v, %v\n%s%s", err, e, c.stdout.Bytes(), c.stderr.Bytes())
	}
	return r
}

// finish fails the test unless the client was content with so many states.
func (c *client) finish(sent int) {
	c.t.Helper()
	r := c.end()
	if r.Error != "" {
		c.t.Fatalf("state %d: %s", r.Steps, r.Error)
	}
	if r.Steps != sent || r.Skips == 0 {
		c.t.Errorf("the client took %d states of %d and passed over %d roots", r.Steps, sent, r.Skips)
	}
	c.t.Logf("%d states, %d roots passed over", r.Steps, r.Skips)
}
