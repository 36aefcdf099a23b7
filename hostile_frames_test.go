package bennu

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// deskView has a component, a nested view and a sticky one, and follows its address.
type deskView struct {
	clicker
	at string
}

type deskCard struct{ clicker }

var deskViewTemplate = render.New(0xde57, render.Root, `<main>`, ``, ``, ``, ``, `</main>`)

func (v *deskView) HandleParams(s *live.Socket, p live.Params) error {
	v.at = p.Get("at")
	return nil
}

func (v *deskView) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, deskViewTemplate)
		defer w.End()
		w.Str(0, v.at)
		for i, c := range []templ.Component{live.Component[deskCard]("a", nil), live.Nested("clicker", "one", 1), live.Sticky("clicker", "two", 2)} {
			if err := w.Comp(i+1, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// hostileFrames are messages for a view that no official client sends, of which
// none may end anything but that view.
func hostileFrames() []string {
	many := strings.Repeat("1,", 9_000) + "1"
	deep := strings.Repeat("[", 50) + strings.Repeat("]", 50)
	frames := []string{
		`"event",{"type":"form","event":"more","value":"` + strings.Repeat("a[", 20_000) + `"}`,
		`"event",{"type":"form","event":"more","value":"","meta":{"` + strings.Repeat("[", 20_000) + `":[0` + strings.Repeat(",0", 15_000) + `]}}`,
		`"event",{"type":"click","event":"lv:clear-flash","value":{"key":["info"]}}`,
		`"event",{"type":"click","event":"lv:clear-flash","value":` + deep + `}`,
		`"event",{"type":"click","event":"more","value":{},"cid":1e3}`,
		`"event",{"type":"click","event":"more","value":{},"cid":"1"}`,
		`"event",{"type":"click","event":"lv:\u0000\u001b[2J\nlevel=ERROR msg=forged","value":{}}`,
	}
	for _, kind := range []string{"cids_will_destroy", "cids_destroyed"} {
		for _, cids := range []string{"null", "1", "[]", "[-1,0,2,9223372036854775807]", "[9223372036854775808]", `["1"]`, "[1.5]", "[1e2]", "{}", "[" + many + "]", deep} {
			frames = append(frames, fmt.Sprintf(`%q,{"cids":%s}`, kind, cids))
		}
		frames = append(frames, fmt.Sprintf(`%q,null`, kind), fmt.Sprintf(`%q,[]`, kind))
	}
	for _, to := range []string{``, `/`, `?at=x`, `//evil.test/desk`, `https://evil.test/desk?at=evil`, `javascript:alert(1)`, `/desk?at=%zz`, `/desk?at=%00%1b`, `/desk/../desk`,
		`/desk#` + strings.Repeat("x", 50_000), `http://` + strings.Repeat("a", 50_000) + `/desk`, `http://[::1/desk`, `mailto:desk`, `\\evil.test`, `/%2fevil.test`, `/desk?` + strings.Repeat("a=1&", 12_000)} {
		frames = append(frames, fmt.Sprintf(`"live_patch",{"url":%q}`, to))
	}
	return append(frames, `"live_patch",{"url":null}`, `"live_patch",{"url":{}}`, `"live_patch",null`, `"\u001b[31mforged\n","x"`, `"phx_close",{}`, `"diff",{}`, `"snapshot",{}`)
}

func TestHostileFramesEndNothingElse(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{RootLayout: headLayout, Logger: slog.New(slog.NewTextHandler(log, nil))})
	app.Nested("clicker", func() live.View { return new(clicker) })
	app.Live("/desk", func() live.View { return new(deskView) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	open := func() (loadedPage, func(string) string, func()) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Client{Jar: jar, Transport: new(http.Transport)}
		p := load(t, browser, srv.URL+"/desk?at=home")
		browser.CloseIdleConnections()
		conn, err := p.dial(t, srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
			t.Fatalf("the join: %.300s", got)
		}
		return p, func(frame string) string { return say(t, conn, frame) }, func() { conn.Close() }
	}
	victim, sayVictim, closeVictim := open()
	defer closeVictim()
	p, sayHostile, closeHostile := open()
	defer closeHostile()
	joins := 1
	for i, frame := range hostileFrames() {
		for _, topic := range []string{p.id, victim.id, "one", ""} { // of the last three this socket has none
			got := sayHostile(fmt.Sprintf(`["%d","%d","lv:%s",%s]`, joins, i+10, topic, frame))
			switch {
			case topic == p.id && strings.Contains(got, `"phx_error"`): // the view has ended, and comes back
				joins++
				again := strings.Replace(p.join(), `["1","1"`, fmt.Sprintf(`["%d","%[1]d"`, joins), 1)
				if got := sayHostile(again); !strings.Contains(got, `"status":"ok"`) {
					t.Fatalf("after %.100s: the join again: %.300s", frame, got)
				}
			case topic != p.id && !strings.Contains(got, `unmatched topic`):
				t.Errorf("%.100s to %q, which was not joined: %.300s", frame, topic, got)
			case len(got) > 70_000:
				t.Errorf("%.100s is answered with %d bytes", frame, len(got))
			}
		}
	}
	if got := sayVictim(`["1","2","lv:` + victim.id + `","event",{"type":"click","event":"more","value":{},"cid":1}]`); !strings.Contains(got, `"c":{"1":{"0":"1"}}`) {
		t.Errorf("the other user's view: %.300s", got)
	}
	closeVictim()
	closeHostile()
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(log.String()) {
		if strings.HasPrefix(line, "level=ERROR") || strings.ContainsAny(line, "\x00\x1b") || len(line) > 8_000 {
			t.Errorf("a line of the log that a client has made: %.300q, %d bytes", line, len(line))
		}
	}
}
