package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// message is a line for oracle.mjs: a diff for one of the views and the page
// that has to come of it.
type message struct {
	View int    `json:"view"`
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
		t.Fatalf("the client is not installed (%v); `make setup` installs it", err)
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
