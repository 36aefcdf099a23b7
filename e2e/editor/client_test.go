package editor

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for something that will happen: gopls loads
// a whole program first.
const patience = 2 * time.Minute

// An editor speaks to a language server over its standard input and output.
type editor struct {
	t     *testing.T
	in    io.WriteCloser
	ids   int
	mu    sync.Mutex // of in and of what follows
	calls map[int]chan message
	// diagnostics are the latest ones by file; changed is closed when some come.
	diagnostics map[string][]diagnostic
	changed     chan struct{}
	gone        chan struct{} // closed when the server has ended
	failed      error         // why, read when gone is closed
}

// message is one of JSON-RPC, of any kind.
type message struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

type position struct {
	Line      int `json:"line"` // from zero
	Character int `json:"character"`
}

type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type location struct {
	URI   string `json:"uri"`
	Range span   `json:"range"`
}

type diagnostic struct {
	Range   span   `json:"range"`
	Message string `json:"message"`
}

// open starts a server in a directory and ends it with the test.
func open(t *testing.T, cmd *exec.Cmd) *editor {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	e := &editor{
		t: t, in: in, calls: map[int]chan message{}, diagnostics: map[string][]diagnostic{},
		changed: make(chan struct{}), gone: make(chan struct{}),
	}
	go func() {
		e.failed = e.read(bufio.NewReader(out))
		close(e.gone)
	}()
	t.Cleanup(func() {
		e.call("shutdown", nil, nil)
		e.notify("exit", nil)
		_ = in.Close()
		end := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer end.Stop()
		<-e.gone
		_ = cmd.Wait() // templ's server ends with an error when its input does
	})
	e.call("initialize", map[string]any{
		"processId": nil, "rootUri": uri(cmd.Dir),
		"workspaceFolders": []map[string]string{{"uri": uri(cmd.Dir), "name": "shop"}},
		"capabilities": map[string]any{
			"textDocument": map[string]any{"hover": map[string]any{"contentFormat": []string{"plaintext"}}},
		},
	}, nil)
	e.notify("initialized", map[string]any{})
	return e
}

func uri(path string) string { return "file://" + path }

// read takes in what the server sends until it ends.
func (e *editor) read(r *bufio.Reader) error {
	for {
		size := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return err
			}
			if line = strings.TrimSpace(line); line == "" {
				break
			}
			if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				if size, err = strconv.Atoi(value); err != nil {
					return err
				}
			}
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(r, text); err != nil {
			return err
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			return fmt.Errorf("%w: %s", err, text)
		}
		if err := e.take(m); err != nil {
			return err
		}
	}
}

func (e *editor) take(m message) error {
	switch {
	case m.Method == "textDocument/publishDiagnostics":
		var p struct {
			URI         string       `json:"uri"`
			Diagnostics []diagnostic `json:"diagnostics"`
		}
		if err := json.Unmarshal(m.Params, &p); err != nil {
			return err
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.diagnostics[p.URI] = p.Diagnostics
		close(e.changed)
		e.changed = make(chan struct{})
	case m.Method != "" && m.ID != nil: // a request: an editor without settings
		result := json.RawMessage("null")
		if m.Method == "workspace/configuration" {
			result = json.RawMessage("[{},{},{},{},{}]")
		}
		return e.send(message{ID: m.ID, Result: result})
	case m.Method == "":
		var id int
		if err := json.Unmarshal(m.ID, &id); err != nil {
			return err
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.calls[id] <- m
	}
	return nil
}

func (e *editor) send(m message) error {
	m.JSONRPC = "2.0"
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, err = fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(text), text)
	return err
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	text, err := json.Marshal(params)
	if err == nil {
		err = e.send(message{Method: method, Params: text})
	}
	if err != nil {
		e.t.Errorf("%s: %v", method, err)
	}
}

// call asks the server and puts its answer into result, unless that is nil.
func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	if err := e.ask(method, params, result); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) ask(method string, params, result any) error {
	text, err := json.Marshal(params)
	if err != nil {
		return err
	}
	answer := make(chan message, 1)
	e.mu.Lock()
	e.ids++
	id := e.ids
	e.calls[id] = answer
	e.mu.Unlock()
	if err := e.send(message{ID: json.RawMessage(strconv.Itoa(id)), Method: method, Params: text}); err != nil {
		return err
	}
	select {
	case m := <-answer:
		switch {
		case m.Error != nil:
			return errors.New(m.Error.Message)
		case result != nil:
			return json.Unmarshal(m.Result, result)
		}
		return nil
	case <-e.gone:
		return fmt.Errorf("the language server has ended: %w", e.failed)
	case <-time.After(patience):
		return fmt.Errorf("no answer for %v", patience)
	}
}

// diagnosed waits until the diagnostics of a file are as they should be.
func (e *editor) diagnosed(file, what string, right func([]diagnostic) bool) {
	e.t.Helper()
	deadline := time.After(patience)
	for {
		e.mu.Lock()
		found, changed := e.diagnostics[uri(file)], e.changed
		e.mu.Unlock()
		if right(found) {
			return
		}
		select {
		case <-changed:
		case <-e.gone:
			e.t.Fatalf("the language server has ended: %v", e.failed)
		case <-deadline:
			e.t.Fatalf("after %v the diagnostics of %s are %+v, want %s", patience, file, found, what)
		}
	}
}
