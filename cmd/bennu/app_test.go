package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bennu/livetest"
	"bennu/token"
)

// newApp is a fresh app in a directory of the test's.
func newApp(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if status, _, stderr := cli(t, "new", dir); status != 0 {
		t.Fatalf("bennu new: %s", stderr)
	}
	return dir
}

// does runs a command line of ours that has to succeed.
func does(t *testing.T, args ...string) string {
	t.Helper()
	status, stdout, stderr := cli(t, args...)
	if status != 0 {
		t.Fatalf("bennu %s: status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}

// goTool runs the go command, which has to succeed.
func goTool(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// snapshot is every file of an app, with its time of change.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		files[path] = fmt.Sprint(info.Size(), info.ModTime())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSEED01AnAppOfOnesOwn goes the whole way of a newcomer: new, setup, tests,
// the second page of the README, build, and a visitor of the program, which was
// moved away from its sources.
func TestSEED01AnAppOfOnesOwn(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles a whole app and installs its packages")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed: run `make setup`")
	}
	began := time.Now()
	step := func(what string) {
		t.Helper()
		t.Logf("%5.1f s  %s", time.Since(began).Seconds(), what)
	}
	dir := newApp(t, "corner-shop")
	step("new")

	// SEED-02: the second time changes nothing.
	does(t, "setup", "--dir", dir)
	step("setup")
	before := snapshot(t, dir)
	want := "templates  current\nmodules    current\npackages   current\nready: bennu dev\n"
	if got := does(t, "setup", "--dir", dir); got != want {
		t.Errorf("the second setup says\n%swant\n%s", got, want)
	}
	after := snapshot(t, dir)
	for file, state := range after {
		if before[file] != state {
			t.Errorf("the second setup changed %s", file)
		}
	}
	if len(before) != len(after) {
		t.Errorf("there were %d files before the second setup, and %d after it", len(before), len(after))
	}
	step("setup again")

	goTool(t, dir, "mod", "tidy", "-diff")
	goTool(t, dir, "vet", "./...")
	goTool(t, dir, "test", "./...")
	step("go vet, go test")

	addSecondPage(t, dir)
	if got := does(t, "setup", "--dir", dir); !strings.HasPrefix(got, "templates  3 written\n") {
		t.Errorf("setup after two templates and a route were edited: %s", got)
	}
	goTool(t, dir, "vet", "./...")
	goTool(t, dir, "test", "./web/live/hello")
	goTool(t, dir, "mod", "tidy", "-diff")
	step("a second page")

	routes := does(t, "routes", "--dir", dir)
	for _, want := range []string{
		`(?m)^GET +/ +- +live counter\.Page +web/routes\.go:\d+$`, `(?m)^GET +/hello/\{name\} +- +live hello\.Page +web/routes\.go:\d+$`,
		`(?m)^GET +/static/\{path\.\.\.\} `, `(?m)^GET +/live/websocket `, `(?m)^GET +/livez `, `(?m)^GET +/readyz `,
	} {
		if !regexp.MustCompile(want).MatchString(routes) {
			t.Errorf("bennu routes prints\n%swant %s", routes, want)
		}
	}
	info := does(t, "routes", "--dir", dir, "--info", "http://localhost:4000/hello/ada?x=1")
	if !strings.Contains(info, "live hello.Page") || strings.Contains(info, "counter.Page") || !strings.HasSuffix(info, "\n  name = \"ada\"\n") {
		t.Errorf("bennu routes --info prints\n%s", info)
	}
	step("routes")

	built := does(t, "build", "--dir", dir)
	for _, want := range []string{`(?m)^  app\.css +[\d.]+ kB +[\d.]+ kB brotli  app-\w+\.css$`, `(?m)^  app\.js +`, `(?m)bin/corner-shop +[\d.]+ MB, \w+/\w+, in [\d.]+ s$`} {
		if !regexp.MustCompile(want).MatchString(built) {
			t.Errorf("bennu build prints\n%swant %s", built, want)
		}
	}
	step("build")

	program := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(filepath.Join(dir, "bin", "corner-shop"), program); err != nil {
		t.Fatal(err)
	}
	cleanClone(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	visit(t, program)
	step("a visitor")
}

// addSecondPage does what the app's README says, word for word.
func addSecondPage(t *testing.T, dir string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, steps, ok := strings.Cut(string(readme), "## A second page\n")
	steps, _, more := strings.Cut(steps, "\n## ")
	blocks := regexp.MustCompile("(?s)`([^`]+)`[^`]*?\n\n   ```\\w+\n(.*?)   ```").FindAllStringSubmatch(steps, -1)
	if !ok || !more || len(blocks) != 4 {
		t.Fatalf("the README's section has %d blocks of code, want 4:\n%s", len(blocks), steps)
	}
	for i, b := range blocks {
		blocks[i][2] = strings.ReplaceAll("\n"+b[2], "\n   ", "\n")[1:]
	}
	for _, b := range blocks[:2] {
		path := filepath.Join(dir, filepath.FromSlash(b[1]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	below(t, filepath.Join(dir, "web", "routes.go"), `web/live/counter"`, "\t\"corner-shop/web/live/hello\"\n")
	below(t, filepath.Join(dir, "web", "routes.go"), "counter.Page", blocks[2][2])
	below(t, filepath.Join(dir, "web", "ui", "layout.templ"), `"Counter"`, blocks[3][2])

	_, test, ok := strings.Cut(string(readme), "`web/live/hello/hello_test.go`:\n\n```go\n")
	test, _, more = strings.Cut(test, "```")
	if !ok || !more {
		t.Fatal("the README has no test of the second page")
	}
	if err := os.WriteFile(filepath.Join(dir, "web", "live", "hello", "hello_test.go"), []byte(test), 0o600); err != nil {
		t.Fatal(err)
	}
}

// below writes text below the only line that has the mark.
func below(t *testing.T, file, mark, text string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(old), mark)
	line, rest, _ := strings.Cut(after, "\n")
	if !ok || strings.Contains(after, mark) {
		t.Fatalf("%s has %q not once:\n%s", file, mark, old)
	}
	if err := os.WriteFile(file, []byte(before+mark+line+"\n"+text+rest), 0o600); err != nil {
		t.Fatal(err)
	}
}

// cleanClone shows that what git keeps of an app compiles as it is: no asset
// was built there and nothing was generated.
func cleanClone(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Log("git is not installed: the clone was left out")
		return
	}
	clone := t.TempDir()
	for _, args := range [][]string{
		{"-C", dir, "init", "-q"},
		{"-C", dir, "add", "-A"},
		{"-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "first"},
		{"clone", "-q", dir, clone},
	} {
		if out, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	kept, err := os.ReadDir(filepath.Join(clone, "web", "assets", "dist"))
	if err != nil || len(kept) != 1 || kept[0].Name() != ".keep" {
		t.Errorf("git keeps %v of dist (%v), want .keep alone", kept, err)
	}
	for _, name := range []string{"bin", "web/assets/node_modules"} {
		if _, err := os.Stat(filepath.Join(clone, name)); err == nil {
			t.Errorf("git keeps %s", name)
		}
	}
	goTool(t, clone, "build", "./...")
}

// visit starts the program and uses its pages as browsers do.
func visit(t *testing.T, program string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, program)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PORT=0", "SECRET_KEY_BASE=" + token.NewSecret()}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 15 * time.Second
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	base, log := listening(t, stderr)

	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(base)
		r.Out.Host = r.In.Host
	}}
	ada, bob := livetest.Mount(t, proxy, "/"), livetest.Mount(t, proxy, "/")
	ada.Element("button", "+").Click()
	ada.Element("button", "+").Click()
	bob.Element("button", "−").Click()
	if a, b := ada.Element("#count").Text(), bob.Element("#count").Text(); a != "2" || b != "-1" {
		t.Errorf("Ada sees %q and Bob %q, want 2 and -1", a, b)
	}
	hello := livetest.Mount(t, proxy, "/hello/ada")
	hello.Element("button", "Wave").Click()
	hello.RequireText("Hello, ada!")
	hello.RequireText("Waves so far: 1")
	assetsOf(t, base, hello.Dead())
	healthOf(t, base)
	for _, v := range []*livetest.View{ada, bob, hello} {
		v.Close()
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	stop()
	text := <-log
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("the program ended with %v, want status 0\n%s", err, text)
	}
	if !strings.Contains(text, "msg=stopped") {
		t.Errorf("the program did not stop in good order:\n%s", text)
	}
}

// healthOf asks the program whether it is well, as a balancer does.
func healthOf(t *testing.T, base *url.URL) {
	t.Helper()
	for _, path := range []string{"/livez", "/readyz"} {
		resp, err := http.Get(base.JoinPath(path).String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || string(body) != "ok\n" {
			t.Errorf("%s: %s, %q, %v, want 200 and ok", path, resp.Status, body, err)
		}
	}
}

// listening reads the log of a program up to its address, and then goes on to
// its end.
func listening(t *testing.T, log io.Reader) (*url.URL, <-chan string) {
	t.Helper()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		_, address, ok := strings.Cut(lines.Text(), " url=")
		if !ok {
			continue
		}
		base, err := url.Parse(strings.TrimSuffix(address, "/"))
		if err != nil {
			t.Fatal(err)
		}
		rest := make(chan string, 1)
		go func() {
			var all strings.Builder
			for lines.Scan() {
				all.WriteString(lines.Text() + "\n")
			}
			rest <- all.String()
		}()
		return base, rest
	}
	t.Fatalf("the program did not come to listen: %v", lines.Err())
	return nil, nil
}

// assetsOf loads what the page names: compressed and to be kept for ever.
func assetsOf(t *testing.T, base *url.URL, page string) {
	t.Helper()
	paths := regexp.MustCompile(`"(/assets/app-[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(paths) != 2 {
		t.Errorf("the page names %v, want a script and a style sheet with a hash each", paths)
	}
	for _, m := range paths {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base.String()+m[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "br")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "br" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s, %v, want it compressed and immutable", m[1], res.Status, res.Header)
		}
	}
}

// TestSetupWithoutNpm does what it can and says how to go on.
func TestSetupWithoutNpm(t *testing.T) {
	dir := newApp(t, "shop")
	onlyGo(t)
	status, stdout, stderr := cli(t, "setup", "--dir", dir)
	if want := "templates  current\nmodules    current\npackages   not installed\n"; status != 1 || stdout != want {
		t.Errorf("status %d, stdout %q, want 1, %q", status, stdout, want)
	}
	for _, want := range []string{"npm is not on the PATH", "https://nodejs.org", "apt install nodejs npm", "run this again"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr %q, want %q in it", stderr, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "web", "assets", "node_modules")); err == nil {
		t.Error("node_modules was made")
	}

	status, _, stderr = cli(t, "build", "--dir", dir)
	if status != 1 || !strings.Contains(stderr, "the npm packages in web/assets are not those that its package-lock.json names: run `bennu setup`") {
		t.Errorf("build without packages: status %d, stderr %q", status, stderr)
	}

	status, stdout, stderr = cli(t, "doctor", "--dir", dir)
	for _, want := range []string{
		"ok       go ", "ok       modules    all there\n", "ok       templates  current\n",
		"PROBLEM  node       there is no node command, which builds the styles\n                    fix: get Node.js 20 or newer at https://nodejs.org",
		"PROBLEM  npm        there is no npm command", "ok       lock ", "PROBLEM  packages   node_modules is not what package-lock.json names\n                    fix: bennu setup\n",
		" problems\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("doctor prints\n%swant %q in it", stdout, want)
		}
	}
	if status != 1 || stderr != "" {
		t.Errorf("doctor: status %d, stderr %q, want 1 and nothing", status, stderr)
	}
}

// onlyGo leaves the go command alone on the PATH.
func onlyGo(t *testing.T) {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(goTool, filepath.Join(bin, "go")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
}

// TestWhatDoesNotCompileIsShownInItsFile: of templates, the line in the template.
func TestWhatDoesNotCompileIsShownInItsFile(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "shop")
	page := filepath.Join(dir, "web", "live", "counter", "counter.templ")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ right, wrong, want string }{
		{"{ p.Count }", "{ p.Cuont }", ": p.Cuont undefined (type *Page has no field or method Cuont)\n"},
		{"</h1>", "</h2>", ": "},
	} {
		before, _, _ := strings.Cut(string(text), tt.right)
		place := fmt.Sprintf("web/live/counter/counter.templ:%d:", strings.Count(before, "\n")+1)
		if err := os.WriteFile(page, []byte(strings.Replace(string(text), tt.right, tt.wrong, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		status, stdout, stderr := cli(t, "routes", "--dir", dir)
		if status != 1 || stdout != "" || !strings.Contains(stderr, place) || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: status %d, stdout %q, stderr\n%swant %s and %q", tt.wrong, status, stdout, stderr, place, tt.want)
		}
	}
}
