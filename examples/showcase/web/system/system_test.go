package system

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/pubsub"
	"bennu/supervisor"
	"bennu/token"
)

func newSite(t *testing.T, dev bool, keys ...string) *bennu.App {
	t.Helper()
	app := bennu.New(bennu.Options{Dev: dev, SecretKeyBase: token.NewSecret(), RootLayout: ui.Root, LiveLayout: ui.Live, Logger: slog.New(slog.DiscardHandler)})
	sys, operators := New(app), NewOperators(dev, keys...)
	app.Live("/system", func() live.View { return sys.Page() }, bennu.OnMount(operators.Enter))
	app.Get("/system/key", operators.Ask(app))
	app.Post("/system/key", operators.Check(app))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return app
}

// later lets the worker fish, and the page look.
func later(v *livetest.View, d time.Duration) {
	time.Sleep(d) // of the test's own clock
	synctest.Wait()
	v.Settle()
}

func TestAWorkerIsSeenToComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := livetest.Mount(t, newSite(t, true), "/system")
		// What the worker does and what the page sees of it are a second apart at most.
		says := func(state string, least, most int, restarts string) {
			t.Helper()
			for id, want := range map[string]string{"fisher-state": state, "restarts": restarts} {
				if got := v.Element("#" + id).Text(); got != want {
					t.Errorf("#%s says %q, want %q", id, got, want)
				}
			}
			var caught int
			if _, err := fmt.Sscanf(v.Element("#caught").Text(), "%d caught", &caught); err != nil || caught < least || caught > most {
				t.Errorf("#caught says %q, want %d to %d: %v", v.Element("#caught").Text(), least, most, err)
			}
		}
		later(v, 5500*time.Millisecond)
		says("running", 4, 5, "0 restarts")
		v.Element("button", "Crash it").Click()
		later(v, 200*time.Millisecond)
		says("running", 0, 0, "1 restart")
		v.Element("#part-app-workers-fisher", "panic: the button of /system was pressed")
		later(v, 3500*time.Millisecond)
		says("running", 2, 3, "1 restart")

		// The more often it crashes the longer it is away. The page sees that.
		v.Element("button", "Crash it").Click()
		later(v, time.Millisecond)
		v.Element("button", "Crash it").Click()
		later(v, 110*time.Millisecond)
		if got := v.Element("#fisher-state").Text(); got == "running" && v.Element("#restarts").Text() == "1 restart" {
			t.Errorf("the second crash is not seen: %s", v.HTML())
		}
		later(v, time.Minute)
		if got := v.Element("#fisher-state").Text(); got != supervisor.Running.String() {
			t.Errorf("a minute later the worker is %s", got)
		}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := newSite(t, true)
		v := livetest.Mount(t, app, "/system")
		topic := pubsub.NewTopic[int](app.PubSub(), "room:<b>")
		for range 30 {
			sub, err := topic.Subscribe(func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Cancel()
		}
		later(v, 3*time.Second)
		v.Element("tr", "room:<b>")
		for id, want := range map[string]string{"views": "1", "here": "0", "all": "0"} {
			if got := v.Element("#" + id).Text(); got != want {
				t.Errorf("#%s says %s, want %s", id, got, want)
			}
		}
		v.RequireText("This one is alone")

		// When nothing happens the figures come once a second.
		diffs := func() (n int) {
			for _, f := range v.Frames() {
				if !f.Sent && f.Event == "diff" {
					n++
				}
			}
			return n
		}
		before := diffs()
		later(v, 900*time.Millisecond)
		if got := diffs() - before; got > 1 {
			t.Errorf("within a second the page has heard %d times, want once at most", got)
		}
	})
}

func TestOperatorsOnly(t *testing.T) {
	t.Parallel()
	const key = "a key that is long enough"
	for _, c := range []struct {
		name string
		keys []string
		give string
		in   bool
	}{
		{"no key", nil, "", false},
		{"the key", []string{key}, key, true},
		{"the former one while they change", []string{"another key, as long", key}, key, true},
		{"another key", []string{key}, key + ".", false},
		{"nothing", []string{key}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(newSite(t, false, c.keys...))
			defer server.Close()
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Jar: jar}
			get := func() (path, body string) {
				t.Helper()
				r, err := client.Get(server.URL + "/system")
				if err != nil {
					t.Fatal(err)
				}
				defer r.Body.Close()
				b, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				return r.Request.URL.Path, string(b)
			}
			path, body := get()
			if path != "/system/key" || strings.Contains(body, "Crash it") {
				t.Fatalf("a stranger comes to %s:\n%s", path, body)
			}
			_, rest, ok := strings.Cut(body, `name="_csrf_token" value="`)
			if ok != (len(c.keys) > 0) {
				t.Fatalf("there is a form: %t, want one where there is a key:\n%s", ok, body)
			}
			csrf, _, _ := strings.Cut(rest, `"`)
			r, err := client.PostForm(server.URL+"/system/key", url.Values{"key": {c.give}, "_csrf_token": {csrf}})
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if path, body = get(); (path == "/system") != c.in || strings.Contains(body, "Crash it") != c.in {
				t.Errorf("with the key %q one comes to %s, answered %d", c.give, path, r.StatusCode)
			}
		})
	}
}

func TestAShortKeyIsNone(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a key of one byte is taken")
		}
	}()
	NewOperators(false, "k")
}

func TestTheTreeIsDrawn(t *testing.T) {
	t.Parallel()
	got := ""
	for _, r := range rows(supervisor.Status{Name: "app", Children: []supervisor.Status{
		{Name: "workers", Children: []supervisor.Status{{Name: "a"}, {Name: "b", Children: []supervisor.Status{{Name: "c"}}}}}, {Name: "views"},
	}}) {
		got += r.Branch + r.Name + " " + r.Path + "\n"
	}
	want := "app app\n├─ workers app-workers\n│  ├─ a app-workers-a\n│  └─ b app-workers-b\n│     └─ c app-workers-b-c\n└─ views app-views\n"
	if got != want {
		t.Errorf("drawn is\n%swant\n%s", got, want)
	}
}
