package bennu

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"bennu/live"
)

// boxed is a view in a section of its own.
type boxed struct{ clicker }

func (*boxed) Container() live.Container { return live.Container{Tag: "section"} }

// The dead render and the join after a navigation agree about the element of a
// page, whoever has chosen it.
func TestCORE17Containers(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.LiveSession("boxes", func(g *Group) {
		g.Live("/own", func() live.View { return new(boxed) })
		g.Live("/route", func() live.View { return new(clicker) },
			WithContainer(live.Container{Tag: "section", Attrs: map[string]string{"class": "wide"}}), Title("Wide"))
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	for path, want := range map[string]string{"/own": `<section id="phx-`, "/route": `<section class="wide" id="phx-`} {
		if body := ask(app, "GET", path).Body.String(); !strings.Contains(body, want) || !strings.Contains(body, "</output></section>") {
			t.Errorf("%s is %s\nwant %s", path, body, want)
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, &http.Client{Jar: jar}, srv.URL+"/own")
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p.address = srv.URL + "/route"
	answer := say(t, conn, strings.Replace(p.join(), `"url"`, `"redirect"`, 1))
	if !strings.Contains(answer, `"container":["section",{"class":"wide"}]`) || !strings.Contains(answer, `"t":"Wide"`) {
		t.Errorf("the navigation is answered with %s", answer)
	}
}

func TestContainersThatCannotBe(t *testing.T) {
	t.Parallel()
	view := func() live.View { return new(clicker) }
	for want, register := range map[string]func(*App){
		`has the tag "br"`: func(app *App) { app.Live("/", view, WithContainer(live.Container{Tag: "br"})) },
		"belongs to the framework": func(app *App) {
			app.Live("/", view, WithContainer(live.Container{Attrs: map[string]string{"data-phx-main": ""}}))
		},
		"give both one tag": func(app *App) {
			app.Live("/", view)
			app.Live("/boxed", func() live.View { return new(boxed) })
		},
	} {
		app := newTestApp(t, Options{RootLayout: headLayout})
		if got := panicText(func() { register(app) }); !strings.Contains(got, want) {
			t.Errorf("registration panics with %q, want %q in it", got, want)
		}
	}
}
