package bennu

import (
	"context"
	"errors"
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

func adminLayout(p Page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "<p>admin</p>"); err != nil {
			return err
		}
		return headLayout(p).Render(ctx, w)
	})
}

var tenant = live.NewKey[string]("tenant")

// phased is a skeleton in the dead render, and the whole page when it lives.
type phased struct {
	Tenant string
	Live   bool
}

func (v *phased) Mount(s *live.Socket, _ live.Params) error {
	v.Tenant, _ = tenant.Get(s)
	v.Live = s.Connected()
	return nil
}

func (v *phased) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, clickerTemplate)
		if v.Live {
			w.Str(0, "all of "+v.Tenant)
		} else {
			w.Str(0, "loading "+v.Tenant)
		}
		w.End()
		return nil
	})
}

// A live session has values and a root layout of its own; a view draws itself in
// each phase as it likes.
func TestNAV10CORE14LookOfALiveSession(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	view := func() live.View { return new(phased) }
	app.Live("/", view)
	app.LiveSession("admin", func(g *Group) {
		g.Live("/admin", view)
		g.Live("/admin/users", view)
	}, WithRootLayout(adminLayout), OnMount(func(s *live.Socket, _ live.Params) error { tenant.Set(s, "acme"); return nil }))
	srv := httptest.NewServer(app)
	defer srv.Close()
	if body := ask(app, "GET", "/").Body.String(); strings.Contains(body, "admin") || strings.Contains(body, "acme") {
		t.Errorf("a page outside of the session is %s", body)
	}
	if body := ask(app, "GET", "/admin").Body.String(); !strings.Contains(body, "<p>admin</p>") || !strings.Contains(body, ">loading acme<") {
		t.Errorf("a page of the session is %s", body)
	}
	p := load(t, srv.Client(), srv.URL+"/admin/users")
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if answer := say(t, conn, p.join()); !strings.Contains(answer, "all of acme") {
		t.Errorf("its join is answered with %s", answer)
	}
}

func TestRootLayoutsOfOneLiveSession(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Live("/", func() live.View { return new(phased) })
	got := panicText(func() { app.Live("/admin", func() live.View { return new(phased) }, WithRootLayout(adminLayout)) })
	if !strings.Contains(got, "give WithRootLayout to a LiveSession") {
		t.Errorf("a second root layout: %q", got)
	}
}

// The options of nested views: who comes in, what is logged, and their element.
func TestOptionsOfNestedViews(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	app := newTestApp(t, Options{RootLayout: headLayout, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	view := func() live.View { return new(clicker) }
	app.Nested("quiet", view, LogLevel(slog.LevelDebug), WithContainer(live.Container{Tag: "aside"}))
	app.Nested("secret", view, OnMount(func(*live.Socket, live.Params) error { return Status(http.StatusForbidden, errors.New("no")) }))
	app.Nested("moved", view, OnMount(func(s *live.Socket, _ live.Params) error { s.Redirect("/login"); return nil }))
	for path := range map[string]bool{"quiet": true, "secret": true, "moved": true} {
		app.Get("/"+path, func(w http.ResponseWriter, r *http.Request) error {
			return app.Page(w, r, http.StatusOK, "", live.Nested(path, "one", nil))
		})
	}
	if body := ask(app, "GET", "/quiet").Body.String(); !strings.Contains(body, `<aside id="one" `) || !strings.Contains(body, "</output></aside>") {
		t.Errorf("its element is %s", body)
	}
	if strings.Contains(log.String(), "clicker") {
		t.Errorf("the log has\n%s", &log)
	}
	if rec := ask(app, "GET", "/secret"); rec.Code != http.StatusForbidden {
		t.Errorf("a hook that refuses is answered with %d, want 403", rec.Code)
	}
	if rec := ask(app, "GET", "/moved"); rec.Code != http.StatusSeeOther && rec.Code != http.StatusFound || rec.Header().Get("Location") != "/login" {
		t.Errorf("a hook that redirects is answered with %d to %q", rec.Code, rec.Header().Get("Location"))
	}
	for _, opt := range []LiveOption{Title("x"), Action("x"), KeepOutdated(), WithRootLayout(headLayout)} {
		if got := panicText(func() { app.Nested("other", view, opt) }); !strings.Contains(got, "no page of its own") {
			t.Errorf("an option of pages: %q", got)
		}
	}
}
