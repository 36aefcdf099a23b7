package bennu

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// newTestApp makes an App without logs; in production mode unless opts say Dev.
func newTestApp(t testing.TB, opts Options) *App {
	t.Helper()
	if opts.SecretKeyBase == "" {
		opts.SecretKeyBase = testSecret
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return New(opts)
}

// reply is the handler that answers with a text.
func reply(text string) Handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// ask sends a request to a handler.
func ask(h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	if strings.HasPrefix(target, "/") {
		r.Host = "localhost"
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// panicText is what f panics with, as text; "" when it does not.
func panicText(f func()) (text string) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case error:
			text = v.Error()
		case string:
			text = v
		}
	}()
	f()
	return ""
}

// clicker is a view that counts, written as generated code would be.
type clicker struct{ N int }

var clickerTemplate = render.New(0x5eed, render.Root, `<output id="count">`, `</output>`)

func (c *clicker) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, clickerTemplate)
		w.Int(0, int64(c.N))
		w.End()
		return nil
	})
}

func (c *clicker) Events() live.Events {
	return live.Events{
		"more":  live.Do(func(*live.Socket) error { c.N++; return nil }),
		"crash": live.Do(func(*live.Socket) error { panic("clicked") }),
	}
}

// pathView shows what stands at the named parts of its route.
type pathView struct{ params live.Params }

func (v *pathView) Mount(_ *live.Socket, p live.Params) error { v.params = p; return nil }

func (v *pathView) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, clickerTemplate)
		text := ""
		for _, p := range v.params.Path() {
			text += p.Name + "=" + p.Value + ";"
		}
		w.Str(0, text)
		w.End()
		return nil
	})
}
