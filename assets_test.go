package bennu

import (
	"strings"
	"testing"
	"testing/fstest"
)

func builtAssets() fstest.MapFS {
	return fstest.MapFS{
		"manifest.json": {Data: []byte(`{"app.js":"app-1A2B.js","img/logo.svg":"img/logo-3C4D.svg"}`)},
		"app-1A2B.js":   {Data: []byte("let built")}, "app-1A2B.js.br": {Data: []byte("br")}, "app-1A2B.js.gz": {Data: []byte("gz")},
		"img/logo-3C4D.svg": {Data: []byte("<svg/>")},
		"stray.js":          {Data: []byte("stray")}, ".keep": {},
	}
}

func TestFault79AssetsInProduction(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/admin"} {
		app := newTestApp(t, Options{Prefix: prefix, Assets: builtAssets()})
		for name, want := range map[string]string{
			"app.js": "/assets/app-1A2B.js", "/app.js": "/assets/app-1A2B.js", "img/logo.svg": "/assets/img/logo-3C4D.svg", "none.js": "/assets/none.js",
		} {
			if got := app.Asset(name); got != prefix+want {
				t.Errorf("Asset(%q) = %q, want %q", name, got, prefix+want)
			}
		}
		for _, tt := range []struct {
			name   string
			status int
			cache  string
		}{
			{"app-1A2B.js", 200, "public, max-age=31536000, immutable"},
			{"img/logo-3C4D.svg", 200, "public, max-age=31536000, immutable"},
			{"app.js", 200, "no-cache"},
			{"app-0000.js", 404, "no-store"}, // of an earlier build
			{"stray.js", 404, "no-store"},
			{"app-1A2B.js.br", 404, "no-store"},
			{"manifest.json", 404, "no-store"},
			{".keep", 404, "no-store"},
			{"%2e%2e/secret", 404, "no-store"},
			{"", 404, "no-store"},
		} {
			rec := ask(app, "GET", prefix+"/assets/"+tt.name)
			if rec.Code != tt.status || rec.Header().Get("Cache-Control") != tt.cache {
				t.Errorf("%s: status %d, Cache-Control %q, want %d, %q", tt.name, rec.Code, rec.Header().Get("Cache-Control"), tt.status, tt.cache)
			}
		}
		rec := ask(app, "GET", prefix+"/assets/app-1A2B.js", "Accept-Encoding", "gzip, br")
		if rec.Header().Get("Content-Encoding") != "br" || rec.Header().Get("Vary") != "Accept-Encoding" || rec.Header().Get("Etag") == "" {
			t.Errorf("headers %v, want the brotli file with Vary and ETag", rec.Header())
		}
		if rec.Header().Get("Set-Cookie") != "" {
			t.Error("an asset sets a cookie")
		}
	}
}

func TestProductionRefusesUnbuiltAssets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		assets fstest.MapFS
		want   string
	}{
		{"nothing", fstest.MapFS{".keep": {}}, "run `bennu assets build DIR`"},
		{"an empty manifest", fstest.MapFS{"manifest.json": {Data: []byte("{}")}}, "run `bennu assets build DIR`"},
		{"a broken manifest", fstest.MapFS{"manifest.json": {Data: []byte("[")}}, "manifest.json: want an object"},
		{"a missing file", fstest.MapFS{"manifest.json": {Data: []byte(`{"a.js":"a-1.js"}`)}}, `names "a-1.js", which is not there`},
		{"a file outside", fstest.MapFS{"manifest.json": {Data: []byte(`{"a.js":"../a.js"}`)}}, "no names of files"},
	} {
		got := panicText(func() { newTestApp(t, Options{Assets: tt.assets}) })
		if !strings.Contains(got, "bennu: Options.Assets: ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: panic %q, want Options.Assets with %q", tt.name, got, tt.want)
		}
	}
}

func TestAssetsInDevelopment(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{".keep": {}}
	app := newTestApp(t, Options{Dev: true, Assets: files})
	if got := app.Asset("app.js"); got != "/assets/app.js" {
		t.Errorf("before the build: Asset = %q", got)
	}
	files["app.js"] = &fstest.MapFile{Data: []byte("let dev")}
	rec := ask(app, "GET", "/assets/app.js")
	if rec.Code != 200 || rec.Body.String() != "let dev" || rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, %q, Cache-Control %q, want the file of now, not kept", rec.Code, rec.Body, rec.Header().Get("Cache-Control"))
	}
	for name, f := range builtAssets() {
		files[name] = f
	}
	if got := app.Asset("app.js"); got != "/assets/app-1A2B.js" {
		t.Errorf("after the build: Asset = %q", got)
	}
	for _, name := range []string{"app.js", "app-1A2B.js"} {
		if rec := ask(app, "GET", "/assets/"+name); rec.Body.String() != "let built" {
			t.Errorf("%s is %q, want the built file", name, rec.Body)
		}
	}
	if rec := ask(app, "GET", "/assets/.keep"); rec.Code != 404 {
		t.Errorf(".keep: status %d, want 404", rec.Code)
	}
}

func TestNoAssets(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	if got := app.Asset("app.js"); got != "/assets/app.js" {
		t.Errorf("Asset = %q", got)
	}
	if rec := ask(app, "GET", "/assets/app.js"); rec.Code != 404 {
		t.Errorf("status %d, want 404", rec.Code)
	}
}

func TestFault81OutdatedAssets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		tracked string // separated by spaces
		want    bool
	}{
		{"", false},
		{"http://localhost/admin/assets/app-1A2B.js", false},
		{"http://localhost/admin/assets/app-1A2B.js?v=1#x http://localhost/admin/assets/img/logo-3C4D.svg", false},
		{"http://localhost/admin/assets/app.js", false}, // not hashed: always what is there
		{"https://cdn.test/admin/assets/app-1A2B.js", false},
		{"https://cdn.test/lib.js http://localhost/static/app-0000.js http://localhost/assets/app-0000.js", false}, // not of this App
		{"http://%zz/admin/assets/app-0000.js", false},
		{"http://localhost/admin/assets/app-0000.js", true},
		{"http://localhost/admin/assets/app-1A2B.js http://localhost/admin/assets/app-0000.css", true},
		{"http://localhost/admin/assets/../assets/app-1A2B.js", true},
	}
	built := newTestApp(t, Options{Prefix: "/admin", Assets: builtAssets()}).assets
	var none *assets
	dev := newTestApp(t, Options{Prefix: "/admin", Assets: builtAssets(), Dev: true}).assets
	for _, tt := range tests {
		tracked := strings.Fields(tt.tracked)
		if got := built.outdated(tracked); got != tt.want {
			t.Errorf("outdated(%s) = %v, want %v", tt.tracked, got, tt.want)
		}
		if none.outdated(tracked) || dev.outdated(tracked) {
			t.Errorf("outdated(%s) in development or without assets", tt.tracked)
		}
	}
}
