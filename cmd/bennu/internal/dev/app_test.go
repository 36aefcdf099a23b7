package dev

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"bennu/internal/devreload"

	"github.com/gobwas/ws"
)

// patience is how long a test waits for what has to happen. A busy machine may
// take long to compile.
const patience = 3 * time.Minute

// envServe makes this test program a `bennu dev` for the app named by it.
const envServe = "BENNU_TEST_SERVE"

func TestMain(m *testing.M) {
	// The apps of the tests are modules of their own.
	if err := os.Setenv("GOWORK", "off"); err != nil {
		panic(err)
	}
	if dir := os.Getenv(envServe); dir != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		if err := Run(ctx, Config{Dir: dir, Addr: "127.0.0.1:0"}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if code == 0 && !settled() {
		code = 1
	}
	os.Exit(code)
}

// settled reports whether all goroutines of this module have ended.
func settled() bool {
	buf := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		stacks := string(buf[:runtime.Stack(buf, true)])
		if strings.Count(stacks, "bennu/cmd/bennu/internal") == strings.Count(stacks, "dev.TestMain")+strings.Count(stacks, "dev.settled") {
			return true
		}
	}
	fmt.Fprintf(os.Stderr, "goroutines are left:\n%s\n", buf[:runtime.Stack(buf, true)])
	return false
}

// sources are an app with one page, one style sheet and one script.
var sources = map[string]string{
	"main.go": `package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bennu"
	"bennu/live"

	"shop/web"
)

var began = time.Now()

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	opts, err := bennu.FromEnv()
	if err != nil {
		panic(err)
	}
	opts.RootLayout = web.Root
	app := bennu.New(opts)
	app.Live("/", func() live.View { return new(web.Page) })
	app.Get("/pid", func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, os.Getpid())
		return err
	})
	app.Get("/age", func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, time.Since(began).Milliseconds())
		return err
	})
	app.Get("/exit", func(w http.ResponseWriter, r *http.Request) error {
		fmt.Fprintln(os.Stderr, "these are my last words")
		os.Exit(3)
		return nil
	})
	if err := app.ListenAndServe(ctx); err != nil {
		panic(err)
	}
}
`,
	"web/page.go": `package web

import "github.com/a-h/templ"

type Page struct{}

func (p *Page) Render() templ.Component { return page(greeting) }

const greeting = "good morning"
`,
	"web/page.templ": `package web

import "bennu"

templ Root(p bennu.Page) {
	<!DOCTYPE html>
	<html lang="en">
		<head>
			@p.Head()
			<link rel="stylesheet" href={ p.Asset("app.css") }/>
			<script defer src={ p.Asset("app.js") }></script>
		</head>
		<body>
			{ children... }
		</body>
	</html>
}

templ page(greeting string) {
	<h1>one { greeting }</h1>
}
`,
	"web/assets/app.js":  "console.log('script one')\n",
	"web/assets/app.css": "h1 { color: rgb(1, 1, 1) }\n",
}

// newApp writes the app, changed by the files given, as a module beside the
// framework in this repository.
func newApp(t *testing.T, files map[string]string) string {
	t.Helper()
	repo, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod := read(t, filepath.Join(repo, "go.mod"))
	mod = strings.Replace(mod, "module bennu\n", "module shop\n", 1)
	mod += "\nrequire bennu v0.0.0\n\nreplace bennu => " + repo + "\n"
	write(t, dir, map[string]string{"go.mod": mod, "go.sum": read(t, filepath.Join(repo, "go.sum"))})
	write(t, dir, sources)
	write(t, dir, files)
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// loopTest is a running `bennu dev` with everything that it printed.
type loopTest struct {
	t    *testing.T
	dir  string
	out  *log
	base string // the address of the app
	stop func()
}

// serve runs `bennu dev` for the app until the test ends, and waits until the
// port is known. With wait it waits until the app is ready.
func serve(t *testing.T, dir string) *loopTest {
	t.Helper()
	l := &loopTest{t: t, dir: dir, out: new(log)}
	// The port is known before anything runs, so that tests can look at what is
	// served while nothing does.
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	l.base = "http://" + addr
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Config{Dir: dir, Addr: addr, Out: l.out, Stdout: l.out, Stderr: l.out}) }()
	l.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Error("Run did not end")
		}
	})
	t.Cleanup(func() {
		l.stop()
		if t.Failed() {
			t.Logf("bennu dev printed:\n%s", l.out.String())
		}
	})
	return l
}

// eventually polls until what is asked for holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) { // between two looks
		if holds() {
			return
		}
	}
	t.Fatalf("did not happen: %s", what)
}

// printed waits for a line of `bennu dev` or the app.
func (l *loopTest) printed(text string) {
	l.t.Helper()
	eventually(l.t, "it prints "+text, func() bool { return strings.Contains(l.out.String(), text) })
}

// get is one request on a connection of its own.
func (l *loopTest) get(path string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, l.base+path, nil)
	if err != nil {
		return 0, "", err
	}
	req.Close = true
	req.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), errors.Join(err, res.Body.Close())
}

// shows waits until the page at path has the text, and returns the page.
func (l *loopTest) shows(path string, want int, text string) string {
	l.t.Helper()
	var body string
	eventually(l.t, fmt.Sprintf("%s answers %d with %q", path, want, text), func() bool {
		status, got, err := l.get(path)
		body = got
		return err == nil && status == want && strings.Contains(got, text)
	})
	return body
}

// edit replaces text in a file, as an editor saves it.
func (l *loopTest) edit(file, old, text string) {
	l.t.Helper()
	path := filepath.Join(l.dir, filepath.FromSlash(file))
	before := read(l.t, path)
	if !strings.Contains(before, old) {
		l.t.Fatalf("%s does not have %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(before, old, text, 1)), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

var buildOf = regexp.MustCompile(`data-build="(\w*)"`)

// browser is a page that was loaded: it hears what its script would.
type browser struct {
	t     *testing.T
	conn  net.Conn
	build string // of the page
	heard []devreload.Message
}

// load loads the page at / and opens its second socket. A page that is out of
// date loads again, as the script does.
func (l *loopTest) load() *browser {
	l.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		_, body, err := l.get("/")
		if err != nil {
			continue
		}
		m := buildOf.FindStringSubmatch(body)
		if m == nil {
			l.t.Fatalf("the page has no script of live reload:\n%s", body)
		}
		conn, early, _, err := ws.Dial(context.Background(), "ws"+strings.TrimPrefix(l.base, "http")+devreload.Path+"socket")
		if err != nil {
			continue // between two programs
		}
		b := &browser{t: l.t, conn: conn, build: m[1]}
		if early != nil {
			b.conn = &earlyConn{Conn: conn, early: early}
		}
		if hello, ok := b.next(); ok && hello.Type == devreload.Hello && hello.Build == b.build {
			l.t.Cleanup(func() { _ = conn.Close() })
			return b
		}
		_ = conn.Close()
	}
	l.t.Fatal("no page could be loaded")
	return nil
}

// earlyConn begins with what came together with the handshake's answer.
type earlyConn struct {
	net.Conn
	early *bufio.Reader
}

func (c *earlyConn) Read(p []byte) (int, error) {
	if n := c.early.Buffered(); n > 0 {
		return c.early.Read(p[:min(n, len(p))])
	}
	return c.Conn.Read(p)
}

// next is the next message; ok is false when the socket was closed.
func (b *browser) next() (m devreload.Message, ok bool) {
	b.t.Helper()
	if err := b.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return m, false
	}
	head, err := ws.ReadHeader(b.conn)
	if err != nil || head.OpCode == ws.OpClose {
		return m, false
	}
	text := make([]byte, min(head.Length, 1<<20))
	if _, err := io.ReadFull(b.conn, text); err != nil {
		return m, false
	}
	if err := json.Unmarshal(text, &m); err != nil {
		b.t.Fatalf("message %q: %v", text, err)
	}
	b.heard = append(b.heard, m)
	return m, true
}

// hears waits for a message of the type.
func (b *browser) hears(kind string) devreload.Message {
	b.t.Helper()
	for {
		m, ok := b.next()
		if !ok {
			b.t.Fatalf("the socket closed before %q; heard %+v", kind, b.heard)
		}
		if m.Type == kind {
			return m
		}
	}
}

// log is what a process prints.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
