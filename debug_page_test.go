package bennu

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"bennu/live"
)

func TestDebugPage(t *testing.T) {
	t.Parallel()
	app := failingApp(t, Options{Dev: true})
	for _, target := range []string{"/panic", "/live/panic", "/live/render"} {
		// In capitals, because the page shows these lines too.
		rec := ask(app, "GET", target+"?page=2&password="+strings.ToUpper("hunter2"),
			"Cookie", strings.ToUpper("a=cookie-value"), "Authorization", strings.ToUpper("Bearer auth-value"),
			"X-Api-Key", strings.ToUpper("key-value"), "Accept-Language", "de",
			"Referer", "http://localhost/?token="+strings.ToUpper("ref-value"))
		body := rec.Body.String()
		if rec.Code != 500 || rec.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("GET %s: status %d, Content-Type %q", target, rec.Code, rec.Header().Get("Content-Type"))
		}
		for _, want := range []string{
			"with &lt;secret&gt;", "errors_test.go:", `class="here"`, "panic(&#34;", // the line itself
			"Calls of the app", "The whole stack", "Accept-Language", "page", "BENNU_EDITOR",
			"[REDACTED]", "/bennu/live_reload/client.js", "</body>",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("GET %s: the page lacks %q", target, want)
			}
		}
		for _, secret := range []string{"HUNTER2", "COOKIE-VALUE", "AUTH-VALUE", "REF-VALUE", "KEY-VALUE"} {
			if strings.Contains(body, secret) {
				t.Errorf("GET %s: the page shows %q", target, secret)
			}
		}
	}
	if body := ask(app, "GET", "/panic", "Accept", "application/json").Body.String(); !strings.Contains(body, `handler with \u003csecret\u003e`) {
		t.Errorf("JSON in development: %s, want the error", body)
	}
	if body := ask(app, "GET", "/error").Body.String(); !strings.Contains(body, "handler with &lt;secret&gt;") {
		t.Errorf("an error in development: %s, want its text", body)
	}
}

func TestDebugPageShowsTheTemplateOfAnError(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "cart.templ")
	if err := os.WriteFile(name, []byte("package cart\n\ntempl Total() {\n\t<b>{ broken() }</b>\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := newTestApp(t, Options{Dev: true})
	app.Get("/", func(http.ResponseWriter, *http.Request) error {
		return fmt.Errorf("cart: %w", templ.Error{Err: errors.New("no price"), FileName: name, Line: 4, Col: 6})
	})
	body := ask(app, "GET", "/").Body.String()
	for _, want := range []string{"cart.templ:4", `class="here"><b>4</b>`, "&lt;b&gt;{ broken() }&lt;/b&gt;", "no price"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
}

func TestDebugPageOpensTheEditor(t *testing.T) {
	for _, tt := range []struct{ template, want string }{
		{"vscode://file/__FILE__:__LINE__", `href="vscode://file//shop%20one/a%22b.go:7"`},
		{"http://localhost:1234/open?f=__FILE__&l=__LINE__", `href="http://localhost:1234/open?f=/shop%20one/a%22b.go&amp;l=7"`},
		{"javascript:alert('__FILE__')", ""},
		{" JavaScript:alert('__FILE__')", ""},
		{"data:text/html,__FILE__", ""},
		{"vim", ""},
		{"", ""},
	} {
		t.Setenv("BENNU_EDITOR", tt.template)
		t.Setenv("PLUG_EDITOR", "")
		got := string(editorLink(`/shop one/a"b.go`, 7))
		page := debugPageOf(t, httptest.NewRequest("GET", "/", nil), errors.New("x"), got)
		if tt.want == "" && got != "" || tt.want != "" && !strings.Contains(page, tt.want) {
			t.Errorf("editor %q gives %q, want %s", tt.template, got, tt.want)
		}
	}
	t.Setenv("BENNU_EDITOR", "")
	t.Setenv("PLUG_EDITOR", "idea://open?file=__FILE__&line=__LINE__")
	if got := editorLink("/a.go", 1); got != "idea://open?file=/a.go&line=1" {
		t.Errorf("PLUG_EDITOR gives %q", got)
	}
}

// debugPageOf renders the page with a link to the editor.
func debugPageOf(t testing.TB, r *http.Request, err error, link string) string {
	t.Helper()
	app := newTestApp(t, Options{Dev: true})
	if link == "" {
		return string(app.debugPage(r, 500, err))
	}
	v := debugView{Focus: &debugFrame{stackFrame: stackFrame{File: "a.go", Line: 7}, Editor: editorLink(`/shop one/a"b.go`, 7)}}
	var b strings.Builder
	if err := debugTemplate.Execute(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is markup that would run if it were not escaped.
const hostile = `</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>"'><svg/onload=alert(1)>`

// checkInert parses a page and fails if anything in it came from outside as
// markup: only what the template itself has may be there.
func checkInert(t *testing.T, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, tag := range strings.Fields("html head meta title style body header main span h1 h2 pre div details summary code br ol li table tbody tr td b a p section") {
		known[tag] = true
	}
	attrs := map[string]bool{}
	for _, name := range strings.Fields("lang charset name content nonce class id href aria-hidden") {
		attrs[name] = true
	}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !known[n.Data] {
			t.Errorf("an element <%s> that the page does not have", n.Data)
		}
		for _, a := range n.Attr {
			if !attrs[a.Key] {
				t.Errorf("an attribute %s=%q of <%s> that the page does not have", a.Key, a.Val, n.Data)
			}
		}
	}
}

func TestDebugPageIsInert(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/?"+strings.ReplaceAll("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&%3Cimg%20onerror%3Dalert(1)%3E=1", " ", ""), nil)
	r.Header.Set("User-Agent", hostile)
	r.Header["<script>alert(2)</script>"] = []string{hostile}
	r.Host = hostile
	r.URL.Path = "/" + hostile
	r.Pattern = hostile
	r.RemoteAddr = hostile
	checkInert(t, debugPageOf(t, r, errors.New(hostile), ""))
	checkInert(t, string(newTestApp(t, Options{Dev: true}).plainPage(r, 404, &noRouteError{method: hostile, path: hostile})))
}

func FuzzDebugPage(f *testing.F) {
	f.Add(hostile, hostile, hostile, hostile)
	f.Add("\x00\xff", "/%3C", "Cookie", "a\r\nb")
	app := newTestApp(f, Options{Dev: true})
	f.Fuzz(func(t *testing.T, message, path, name, value string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawQuery, r.Host = path, value, value
		r.Header[name] = []string{value}
		checkInert(t, string(app.debugPage(r, 500, errors.New(message))))
		checkInert(t, string(app.plainPage(r, 404, &noRouteError{method: name, path: path})))
	})
}

func TestDebugPageOfProductionIsNone(t *testing.T) {
	t.Parallel()
	body := ask(failingApp(t, Options{}), "GET", "/panic").Body.String()
	for _, never := range []string{"errors_test", "goroutine", "Calls of the app", "secret", "live_reload"} {
		if strings.Contains(body, never) {
			t.Errorf("the page of production has %q", never)
		}
	}
}

// endless is an error that wraps itself.
type endless struct{}

func (endless) Error() string   { return "endless" }
func (e endless) Unwrap() error { return e }

func TestDebugPageShowsTheChainOfAnError(t *testing.T) {
	t.Parallel()
	opened := &fs.PathError{Op: "open", Path: "prices.csv", Err: fs.ErrNotExist}
	for _, tt := range []struct {
		err    error
		kind   string
		causes string
	}{
		{errors.New("no price"), "error", ""},
		{fmt.Errorf("cart: %w", errors.New("no price")), "error", "error=no price"},
		{fmt.Errorf("cart: %w", opened), "*fs.PathError", "*fs.PathError=open prices.csv: file does not exist|error=file does not exist"},
		{Status(404, missing{"7"}), "bennu.missing", ""},
		{errors.Join(errors.New("one"), fmt.Errorf("two: %w", missing{"7"})), "bennu.missing", "error=one|error=two: " + missing{"7"}.Error() + "|bennu.missing=" + missing{"7"}.Error()},
		{&live.PanicError{Value: fmt.Errorf("cart: %w", opened)}, "*fs.PathError", "error=cart: open prices.csv: file does not exist|*fs.PathError=open prices.csv: file does not exist|error=file does not exist"},
		{endless{}, "bennu.endless", ""},
	} {
		if got := errorType(tt.err); got != tt.kind {
			t.Errorf("%v: type %s, want %s", tt.err, got, tt.kind)
		}
		var got []string
		for _, c := range causes(tt.err) {
			got = append(got, c.Name+"="+c.Value)
		}
		if strings.Join(got, "|") != tt.causes {
			t.Errorf("%v: causes %q, want %s", tt.err, got, tt.causes)
		}
	}

	app := newTestApp(t, Options{Dev: true})
	app.Live("/", func() live.View { return &failing{"error"} })
	body := ask(app, "GET", "/").Body.String()
	if strings.Contains(body, "fmt.wrapError") || !strings.Contains(body, `id="causes"`) || !strings.Contains(body, "Caused by") {
		t.Errorf("the page of an error of Mount:\n%s", body)
	}
}
