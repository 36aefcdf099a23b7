package bennu_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/render"
)

type greeting struct{}

var greetingTemplate = render.New(0x9ee7, render.Root, "<p>hello</p>")

func (greeting) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, greetingTemplate)
		w.End()
		return nil
	})
}

func TestPagesWithoutARootLayout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		assets fstest.MapFS
		want   string
	}{
		{"no assets", nil, `</head><body><div id="phx-`},
		{"script", fstest.MapFS{
			"manifest.json": {Data: []byte(`{"app.js":"app-1.js"}`)},
			"app-1.js":      {Data: []byte("1")},
		}, `<script defer src="/assets/app-1.js" phx-track-static></script></head><body><div id="phx-`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := bennu.Options{SecretKeyBase: strings.Repeat("a test's secret ", 5)}
			if tt.assets != nil {
				opts.Assets = tt.assets
			}
			app := bennu.New(opts)
			app.Live("/", func() live.View { return greeting{} }, bennu.Title("A & B"))
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			page := w.Body.String()
			for _, want := range []string{"<!DOCTYPE html>", "<title>A &amp; B</title>", `<meta name="csrf-token"`, `<meta name="live-path" content="/live">`, tt.want, "<p>hello</p></div></body></html>"} {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %s:\n%s", want, page)
				}
			}
		})
	}
}

func TestDevelopmentSaysThatAPageHasNoScript(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	app := bennu.New(bennu.Options{Dev: true, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	app.Live("/", func() live.View { return greeting{} })
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "localhost"
	app.ServeHTTP(w, r)
	for name, text := range map[string]string{"page": w.Body.String(), "log": log.String()} {
		if !strings.Contains(text, "app.js") || !strings.Contains(text, "bennu new") {
			t.Errorf("the %s does not say why nothing is live:\n%s", name, text)
		}
	}
}
