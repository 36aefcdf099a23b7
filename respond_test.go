package bennu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/a-h/templ"
)

// page is a component that writes text and may fail after it.
func page(text string, err error) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, werr := io.WriteString(w, text+templ.GetNonce(ctx)); werr != nil {
			return werr
		}
		return err
	})
}

// One action that answers HTML or JSON, as its client asks.
func TestHTMLAndJSON(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		if r.Header.Get("Accept") == "application/json" {
			err = JSON(w, http.StatusCreated, map[string]string{"name": "<anna>"})
		} else {
			err = HTML(w, r, http.StatusCreated, page("<p>anna</p>", nil))
		}
		if err != nil {
			t.Error(err)
		}
	})
	srv := httptest.NewServer(h)
	defer srv.Close()
	for _, tt := range []struct{ accept, contentType, body string }{
		{"text/html", "text/html; charset=utf-8", "<p>anna</p>"},
		{"application/json", "application/json; charset=utf-8", `{"name":"\u003canna\u003e"}` + "\n"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r, err := http.NewRequest(method, srv.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", tt.accept)
			resp, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body := bodyOf(t, resp)
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			want := tt.body
			if method == "HEAD" {
				want = ""
			}
			if resp.StatusCode != 201 || body != want || resp.Header.Get("Content-Type") != tt.contentType || resp.ContentLength != int64(len(tt.body)) {
				t.Errorf("%s %s: %d %q, type %q, length %d", method, tt.accept, resp.StatusCode, body, resp.Header.Get("Content-Type"), resp.ContentLength)
			}
		}
	}
}

func TestHTMLPassesTheNonceAndKeepsOutOfSharedCaches(t *testing.T) {
	t.Parallel()
	h := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/public" {
			w.Header().Set("Cache-Control", "public, max-age=60")
		}
		if err := HTML(w, r, 200, page("nonce ", nil)); err != nil {
			t.Error(err)
		}
	}).handler
	resp, body := newBrowser(t, h).get("/")
	nonce, ok := strings.CutPrefix(body, "nonce ")
	if !ok || nonce == "" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), nonce) {
		t.Errorf("body %q, policy %q", body, resp.Header.Get("Content-Security-Policy"))
	}
	if got := resp.Header.Get("Cache-Control"); !strings.Contains(got, "private") {
		t.Errorf("Cache-Control = %q", got)
	}
	if resp, _ := newBrowser(t, h).get("/public"); resp.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("Cache-Control = %q, want the handler's", resp.Header.Get("Cache-Control"))
	}
}

func TestFailingResponseWritesNothing(t *testing.T) {
	t.Parallel()
	cause := errors.New("the row is gone")
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	if err := HTML(w, r, 200, page("half a page", cause)); !errors.Is(err, cause) {
		t.Errorf("HTML = %v, want %v", err, cause)
	}
	if err := JSON(w, 200, func() {}); err == nil {
		t.Error("JSON of a func = nil")
	}
	if err := Redirect(w, r, "//evil.test"); err == nil {
		t.Error("Redirect to another host = nil")
	}
	if w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("written: %q, %v", w.Body, w.Header())
	}
}

func TestDownload(t *testing.T) {
	t.Parallel()
	content := func(seekable bool) io.Reader {
		if seekable {
			return strings.NewReader("0123456789")
		}
		return io.MultiReader(strings.NewReader("0123456789"))
	}
	for _, seekable := range []bool{true, false} {
		get := func(method, name, bytes string) *http.Response {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(method, "/", nil)
			r.Header.Set("Range", bytes)
			if err := Download(w, r, name, content(seekable)); err != nil {
				t.Error(err)
			}
			return w.Result()
		}
		resp := get("GET", "report.json", "")
		if body := bodyOf(t, resp); resp.StatusCode != 200 || body != "0123456789" ||
			resp.Header.Get("Content-Disposition") != `attachment; filename="report.json"` || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("seekable %v: %d %q %v", seekable, resp.StatusCode, body, resp.Header)
		}
		for name, want := range map[string]string{ // the same on every machine
			"data.unknown-ending": "application/octet-stream", "orders.CSV": "text/csv; charset=utf-8", "notes.md": "text/markdown; charset=utf-8",
			"orders.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "backup.tar": "application/x-tar",
		} {
			if got := get("GET", name, "").Header.Get("Content-Type"); got != want {
				t.Errorf("type of %s = %q, want %q", name, got, want)
			}
		}
		if body := bodyOf(t, get("HEAD", "a.txt", "")); body != "" {
			t.Errorf("HEAD answers %q", body)
		}
		if resp := get("GET", "a.txt", "bytes=2-3"); seekable && (resp.StatusCode != 206 || bodyOf(t, resp) != "23") {
			t.Errorf("a part of a seekable content: %d", resp.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	cause := errors.New("the disk is gone")
	if err := Download(w, httptest.NewRequest("GET", "/", nil), "a", iotest.ErrReader(cause)); !errors.Is(err, cause) {
		t.Errorf("Download = %v, want %v", err, cause)
	}
}

func TestFault39Disposition(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"report.pdf":                      `attachment; filename="report.pdf"`,
		"my report (1).pdf":               `attachment; filename="my report (1).pdf"`,
		"Übersicht.pdf":                   `attachment; filename="_bersicht.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf`,
		"報告.pdf":                          `attachment; filename="__.pdf"; filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf`,
		`a"b;c=d.txt`:                     `attachment; filename="a_b;c=d.txt"; filename*=UTF-8''a%22b%3Bc%3Dd.txt`,
		"100%41.txt":                      `attachment; filename="100_41.txt"; filename*=UTF-8''100%2541.txt`,
		"../../etc/passwd":                `attachment; filename="passwd"`,
		`C:\Windows\system.ini`:           `attachment; filename="system.ini"`,
		"a\r\nSet-Cookie: b=c":            `attachment; filename="a__Set-Cookie: b=c"`,
		"a\x00b.txt":                      `attachment; filename="a_b.txt"`,
		"invoice\u202efdp.exe":            `attachment; filename="invoice_fdp.exe"`,
		"\xff.txt":                        `attachment; filename="_.txt"`,
		"":                                `attachment; filename="download"`,
		"..":                              `attachment; filename="download"`,
		".htaccess":                       `attachment; filename="htaccess"`,
		strings.Repeat("x", 300) + ".pdf": `attachment; filename="` + strings.Repeat("x", 196) + `.pdf"`,
	} {
		if got := disposition(fileName(name)); got != want {
			t.Errorf("disposition(%q) = %s, want %s", name, got, want)
		}
	}
}

func FuzzDisposition(f *testing.F) {
	f.Add("report.pdf")
	f.Add("Ü\"\\;\r\n%.pdf")
	f.Fuzz(func(t *testing.T, name string) {
		got := disposition(fileName(name))
		kind, params, err := mime.ParseMediaType(got)
		if err != nil || kind != "attachment" || params["filename"] != fileName(name) {
			t.Errorf("disposition(%q) = %s, read as %v, %v", name, got, params, err)
		}
		if strings.ContainsAny(params["filename"], "/\\\r\n\x00") || len(params["filename"]) > 250 {
			t.Errorf("file name %q", params["filename"])
		}
	})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	cause := errors.New("no such order")
	err := fmt.Errorf("orders: %w", Status(404, cause))
	if statusOf(err) != 404 || !errors.Is(err, cause) || err.Error() != "orders: no such order" {
		t.Errorf("%v has status %d", err, statusOf(err))
	}
	for code, want := range map[int]int{404: 404, 599: 599, 200: 500, 302: 500, 600: 500, 0: 500, -1: 500} {
		if got := statusOf(Status(code, nil)); got != want {
			t.Errorf("Status(%d) answers %d, want %d", code, got, want)
		}
	}
	if text := Status(410, nil).Error(); text != "Gone" {
		t.Errorf("text of a bare status = %q", text)
	}
	if !errors.Is(fmt.Errorf("x: %w", NotFound), NotFound) || statusOf(NotFound) != 404 {
		t.Error("NotFound is not itself or no 404")
	}
}
