package dev

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"bennu/cmd/bennu/internal/process"
	"bennu/internal/devlog"
	"bennu/internal/devreload"
)

const (
	// drainTime is how long an app may take to end when it is asked to.
	drainTime = 5 * time.Second
	// writeTime is how long an app may take to read what we tell it.
	writeTime = time.Second
)

// child is a running app.
type child struct {
	process *process.Process
	control *os.File
	errors  *tail     // the end of what it wrote to standard error
	ready   time.Time // set by the loop
}

// childEvents are called from goroutines of the child: ready at most once,
// exited exactly once, with everything of the child finished.
type childEvents struct {
	ready  func(*child)
	exited func(*child, error)
}

// startChild starts the app on the open port.
func (s site) startChild(p *port, cfg Config, secret string, events childEvents) (*child, error) {
	controlRead, controlWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answerRead, answerWrite, err := os.Pipe()
	if err != nil {
		closeFiles(controlRead, controlWrite)
		return nil, err
	}
	c := &child{control: controlWrite, errors: &tail{}}
	cmd := exec.Command(s.binary(), cfg.Args...)
	cmd.Dir = s.Dir
	cmd.Env = s.environment(p, cfg, secret)
	cmd.Stdout = cfg.Stdout
	cmd.Stderr = io.MultiWriter(c.errors, cfg.Stderr)
	cmd.ExtraFiles = []*os.File{p.file, controlRead, answerWrite} // 3, 4, 5
	cmd.WaitDelay = time.Second
	c.process, err = process.Start(cmd)
	closeFiles(controlRead, answerWrite)
	if err != nil {
		closeFiles(controlWrite, answerRead)
		return nil, err
	}
	var answers sync.WaitGroup
	answers.Go(func() { c.listen(answerRead, events.ready) })
	go func() {
		err := c.process.Wait()
		answers.Wait()
		closeFiles(controlWrite, answerRead)
		events.exited(c, err)
	}()
	return c, nil
}

func (s site) environment(p *port, cfg Config, secret string) []string {
	env := append(os.Environ(),
		devreload.EnvDev+"=1",
		devreload.EnvListen+"=3",
		devreload.EnvControl+"=4",
		"PORT="+strconv.Itoa(p.addr.Port),
	)
	if s.Assets != nil {
		env = append(env, devreload.EnvAssets+"="+s.dist())
	}
	if devlog.Color(cfg.Stderr) {
		env = append(env, devreload.EnvColor+"=1")
	}
	if os.Getenv("SECRET_KEY_BASE") == "" {
		env = append(env, "SECRET_KEY_BASE="+secret)
	}
	return env
}

// listen reads the app's side of the conversation, which is the one word ready.
func (c *child) listen(answers io.Reader, ready func(*child)) {
	said := false
	lines := bufio.NewScanner(answers)
	for lines.Scan() {
		var m devreload.Message
		if !said && json.Unmarshal(lines.Bytes(), &m) == nil && m.Type == devreload.Ready {
			said = true
			ready(c)
		}
	}
}

// tell sends the app a message. One that does not read is about to be replaced
// or ended, so that a lost message is no loss.
func (c *child) tell(m devreload.Message) {
	if c.control.SetWriteDeadline(time.Now().Add(writeTime)) == nil {
		_, _ = c.control.Write(m.AppendLine(nil))
	}
}

// handover tells the app that a newer one accepts connections, and ends it when
// it does not go by itself.
func (c *child) handover() {
	c.tell(devreload.Message{Type: devreload.Handover})
	c.killAfter(drainTime)
}

// stop asks the app to end, and ends it when it does not.
func (c *child) stop() {
	c.process.Signal(syscall.SIGTERM)
	c.killAfter(drainTime)
}

func (c *child) killAfter(d time.Duration) {
	timer := time.AfterFunc(d, c.process.Kill)
	go func() {
		<-c.process.Done()
		timer.Stop()
	}()
}

func closeFiles(files ...*os.File) {
	for _, f := range files {
		_ = f.Close() // pipes without anything left to write
	}
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// tailSize holds the stack of a panic, not of all goroutines.
const tailSize = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
