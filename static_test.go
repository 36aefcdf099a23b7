package bennu

import (
	"embed"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// brotliText and gzipText stand for encoded files; nobody decodes them here.
const (
	plainText  = "body { color: black } /* plain */"
	brotliText = "brotli"
	gzipText   = "gzip it"
)

func siteFiles(modTime time.Time) fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), ModTime: modTime} }
	return fstest.MapFS{
		"site.css": file(plainText), "site.css.br": file(brotliText), "site.css.gz": file(gzipText),
		"only.js": file("let a"), "only.js.gz": file(gzipText),
		"robots.txt": file("User-agent: *"), "img/logo.svg": file("<svg/>"), "img/a b.png": file("png"),
		"page.unknown": file("<script>alert(1)</script>"), "empty.txt": file(""),
		".env": file("secret"), ".git/config": file("secret"), "img/.hidden": file("secret"), "secret.txt": file("kept"),
	}
}

func TestFault79StaticNames(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	app.Static("/", siteFiles(time.Time{}))
	for _, tt := range []struct {
		target string
		status int
	}{
		{"/static/site.css", 200},
		{"/static/img/logo.svg", 200},
		{"/static/img/a%20b.png", 200},
		{"/static/img%2Flogo.svg", 200}, // one name, however it is encoded
		{"/robots.txt", 200},
		{"/img/logo.svg", 200},
		{"/static/", 404},
		{"/static/img", 404},
		{"/static/img/", 404},
		{"/img/", 404},
		{"/static/none.css", 404},
		{"/static/site.css/", 404},
		{"/static/site.css/x", 404},
		{"/static/.env", 404},
		{"/static/%2eenv", 404},
		{"/static/.git/config", 404},
		{"/static/img/.hidden", 404},
		{"/.env", 404},
		{"/.git/config", 404},
		{"/static/%2e%2e/secret.txt", 404},
		{"/static/%2e%2e%2fsecret.txt", 404},
		{"/static/..%2f..%2fetc%2fpasswd", 404},
		{"/static/..%5csecret.txt", 404},
		{"/static/img%5clogo.svg", 404},
		{"/static/%2fetc%2fpasswd", 404},
		{"/static/site.css%00", 404},
		{"/static/%00", 404},
		{"/static/" + strings.Repeat("a/", 2000), 404},
		{"/static/" + strings.Repeat("a", 5000), 404},
		{"/static/../secret.txt", 307}, // cleaned, and then no file below /static
		{"/static//site.css", 307},
	} {
		rec := ask(app, "GET", tt.target)
		if rec.Code != tt.status {
			t.Errorf("GET %.60s: status %d, want %d", tt.target, rec.Code, tt.status)
		}
		if rec.Body.String() == "secret" {
			t.Errorf("GET %.60s shows a hidden file", tt.target)
		}
	}
	if rec := ask(app, "POST", "/static/site.css"); rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST of a file: status %d, want 405", rec.Code)
	}
}

func TestStaticEncodings(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	for _, tt := range []struct {
		file, accept, coding, body string
	}{
		{"site.css", "", "", plainText},
		{"site.css", "gzip, deflate, br, zstd", "br", brotliText},
		{"site.css", "gzip", "gzip", gzipText},
		{"site.css", "GZip", "gzip", gzipText},
		{"site.css", "br;q=0, gzip;q=0.5", "gzip", gzipText},
		{"site.css", "*", "br", brotliText},
		{"site.css", "*;q=0, gzip", "gzip", gzipText},
		{"site.css", "br;q=0, *", "gzip", gzipText},
		{"site.css", "identity", "", plainText},
		{"site.css", "brotli, broken;q=x", "", plainText},
		{"only.js", "br, gzip", "gzip", gzipText},
		{"only.js", "br", "", "let a"},
		{"robots.txt", "br, gzip", "", "User-agent: *"},
	} {
		var header []string
		if tt.accept != "" {
			header = []string{"Accept-Encoding", tt.accept}
		}
		rec := ask(app, "GET", "/static/"+tt.file, header...)
		h := rec.Header()
		if got := h.Get("Content-Encoding"); got != tt.coding || rec.Body.String() != tt.body {
			t.Errorf("%s for %q: %q encoded %q, want %q encoded %q", tt.file, tt.accept, rec.Body, got, tt.body, tt.coding)
		}
		if got, want := h.Get("Vary") == "Accept-Encoding", tt.file != "robots.txt"; got != want {
			t.Errorf("%s for %q: Vary %q", tt.file, tt.accept, h.Get("Vary"))
		}
		if h.Get("Content-Type") != contentType(tt.file) {
			t.Errorf("%s for %q: Content-Type %q, want that of the file itself", tt.file, tt.accept, h.Get("Content-Type"))
		}
		if got := rec.Result().ContentLength; got != int64(len(tt.body)) {
			t.Errorf("%s for %q: Content-Length %d, want %d", tt.file, tt.accept, got, len(tt.body))
		}
	}
}

func TestStaticCaching(t *testing.T) {
	t.Parallel()
	for _, modTime := range []time.Time{{}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} {
		app := newTestApp(t, Options{})
		app.Static("/static", siteFiles(modTime))
		first := ask(app, "GET", "/static/site.css").Header()
		if first.Get("Cache-Control") != "no-cache" || first.Get("Etag") == "" {
			t.Errorf("headers %v, want no-cache and an ETag", first)
		}
		if got, want := first.Get("Last-Modified") != "", !modTime.IsZero(); got != want {
			t.Errorf("Last-Modified is %q for the time %v", first.Get("Last-Modified"), modTime)
		}
		if cookie := first.Get("Set-Cookie"); cookie != "" {
			t.Errorf("a file sets the cookie %q", cookie)
		}
		again := ask(app, "GET", "/static/site.css", "If-None-Match", first.Get("Etag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("with its ETag: status %d with %d bytes, want 304 without any", again.Code, again.Body.Len())
		}
		encoded := ask(app, "GET", "/static/site.css", "If-None-Match", first.Get("Etag"), "Accept-Encoding", "br")
		if encoded.Code != http.StatusOK {
			t.Errorf("another encoding with the plain one's ETag: status %d, want 200", encoded.Code)
		}
		if encoded.Header().Get("Etag") == first.Get("Etag") {
			t.Error("two encodings have one ETag")
		}
		other := ask(app, "GET", "/static/robots.txt").Header()
		if modTime.IsZero() && other.Get("Etag") == first.Get("Etag") {
			t.Error("two files have one ETag")
		}
	}
}

func TestFault80StaticRanges(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	etag := ask(app, "GET", "/static/site.css").Header().Get("Etag")
	for _, tt := range []struct {
		name   string
		header []string
		status int
		body   string // "" is not looked at
	}{
		{"one", []string{"Range", "bytes=0-3"}, 206, "body"},
		{"its end", []string{"Range", "bytes=-8"}, 206, plainText[len(plainText)-8:]},
		{"two", []string{"Range", "bytes=0-1,4-5"}, 206, ""},
		{"outside", []string{"Range", "bytes=1000-"}, 416, ""},
		{"none", []string{"Range", "pages=1-2"}, 416, ""},
		{"of the same version", []string{"Range", "bytes=0-3", "If-Range", etag}, 206, "body"},
		{"of another version", []string{"Range", "bytes=0-3", "If-Range", `"other"`}, 200, plainText},
		{"a thousand", []string{"Range", "bytes=0-0" + strings.Repeat(",2-2", 999)}, 200, plainText},
		{"nine", []string{"Range", "bytes=0-0" + strings.Repeat(",2-2", 8)}, 200, plainText},
		{"encoded", []string{"Range", "bytes=0-1", "Accept-Encoding", "br"}, 206, "br"},
	} {
		rec := ask(app, "GET", "/static/site.css", tt.header...)
		if rec.Code != tt.status || tt.body != "" && rec.Body.String() != tt.body {
			t.Errorf("%s: status %d, body %q, want %d, %q", tt.name, rec.Code, rec.Body, tt.status, tt.body)
		}
	}
}

// Over a real server: what a header claims about the body, a recorder believes.
func TestStaticPreconditions(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
	srv := httptest.NewServer(app)
	defer srv.Close()
	for _, coding := range []string{"identity", "gzip", "br"} {
		for _, tt := range []struct {
			name, value string
			status      int
		}{
			{"X-None", "", 200},
			{"If-Match", "*", 200},
			{"If-Match", `"nope"`, 412},
			{"If-Unmodified-Since", "Thu, 01 Jan 2026 00:00:00 GMT", 412},
			{"If-None-Match", "*", 304},
			{"Range", "bytes=90-91", 416},
		} {
			r, err := http.NewRequest("GET", srv.URL+"/static/site.css", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", coding)
			r.Header.Set(tt.name, tt.value)
			resp, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != tt.status || (len(body) > 0) != (tt.status == 200 || tt.status == 416) {
				t.Errorf("%s, %s: %s: status %d, %d bytes, %v, want %d", coding, tt.name, tt.value, resp.StatusCode, len(body), err, tt.status)
			}
			if tt.status == 200 && tt.name == "X-None" {
				if tag := resp.Header.Get("Etag"); resp.ContentLength != int64(len(body)) || tag == "" {
					t.Errorf("%s: Content-Length %d, Etag %q", coding, resp.ContentLength, tag)
				}
			}
		}
	}
}

func TestStaticTypes(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	for name, want := range map[string]string{
		"site.css": "text/css; charset=utf-8", "only.js": "text/javascript; charset=utf-8", "img/logo.svg": "image/svg+xml",
		"page.unknown": "application/octet-stream",
	} {
		h := ask(app, "GET", "/static/"+name).Header()
		if h.Get("Content-Type") != want || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: Content-Type %q, X-Content-Type-Options %q, want %q, nosniff",
				name, h.Get("Content-Type"), h.Get("X-Content-Type-Options"), want)
		}
	}
}

func TestStaticHead(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	rec := ask(app, "HEAD", "/static/site.css")
	if rec.Code != 200 || rec.Body.Len() != 0 || rec.Result().ContentLength != int64(len(plainText)) {
		t.Errorf("HEAD: status %d, %d bytes, Content-Length %d, want 200, 0, %d", rec.Code, rec.Body.Len(), rec.Result().ContentLength, len(plainText))
	}
}

func TestFault79StaticFollowsNoLinks(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "secret.txt")
	dir := t.TempDir()
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "open.txt"), []byte("open"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"link.txt": outside, "dir": filepath.Dir(outside), "open.txt.gz": outside} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("this system makes no symbolic links: ", err)
		}
	}
	app := newTestApp(t, Options{})
	app.Static("/static", os.DirFS(dir))
	for name, want := range map[string]int{"open.txt": 200, "link.txt": 404, "dir/secret.txt": 404} {
		rec := ask(app, "GET", "/static/"+name, "Accept-Encoding", "gzip")
		if rec.Code != want || strings.Contains(rec.Body.String(), "secret") {
			t.Errorf("%s: status %d, body %.40q, want status %d", name, rec.Code, rec.Body, want)
		}
	}
}

func TestStaticSeesChangesOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	write := func(name, text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	app := newTestApp(t, Options{})
	app.Static("/static", os.DirFS(dir))
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	write(path, "one", noon)
	write(path+".gz", "one, packed", noon)
	get := func() string { return ask(app, "GET", "/static/a.txt", "Accept-Encoding", "gzip").Body.String() }
	if got := get(); got != "one, packed" {
		t.Errorf("got %q, want the encoded file", got)
	}
	write(path, "two", noon.Add(time.Second))
	if got := get(); got != "two" {
		t.Errorf("got %q, want the new file and not the encoded former one", got)
	}
}

//go:embed static_test.go
var embedded embed.FS

// streamFS gives files that can not seek, as some archives do.
type streamFS struct{ fs.FS }

func (s streamFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return struct{ fs.File }{f}, err
}

func TestStaticFileSystems(t *testing.T) {
	t.Parallel()
	for _, fsys := range []fs.FS{embedded, streamFS{embedded}} {
		app := newTestApp(t, Options{})
		app.Static("/static", fsys)
		for range 2 { // the second is answered by what the first has kept
			rec := ask(app, "GET", "/static/static_test.go", "Range", "bytes=0-11")
			if rec.Code != 206 || rec.Body.String() != "package benn" {
				t.Errorf("%T: status %d, body %q, want 206 and the file's beginning", fsys, rec.Code, rec.Body)
			}
		}
	}
}

func TestStaticBehindPipeline(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Group("/members", Pipeline{Use: []func(http.Handler) http.Handler{halt}}, func(g *Group) {
		g.Static("/files", siteFiles(time.Time{}))
	})
	if rec := ask(app, "GET", "/members/files/site.css"); rec.Code != http.StatusTeapot {
		t.Errorf("status %d, want the pipeline's 418", rec.Code)
	}
}

func FuzzStaticNames(f *testing.F) {
	for _, s := range []string{"site.css", "../secret.txt", "%2e%2e/x", "a\\b", "\x00", ".git/config", "img/logo.svg", "img/", "/etc/passwd", "C:\\x"} {
		f.Add(s)
	}
	files := newFileServer(siteFiles(time.Time{}))
	f.Fuzz(func(t *testing.T, name string) {
		got, err := files.file(name)
		if err != nil {
			return
		}
		if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") || len(got.variants) == 0 {
			t.Errorf("file %q is served", name)
		}
	})
}

func BenchmarkStatic(b *testing.B) {
	app := newTestApp(b, Options{})
	app.Static("/static", siteFiles(time.Time{}))
	b.ReportAllocs()
	for b.Loop() {
		if rec := ask(app, "GET", "/static/site.css", "Accept-Encoding", "br"); rec.Code != 200 {
			b.Fatal(rec.Code)
		}
	}
}
