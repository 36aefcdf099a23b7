package livetest

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// speaking is a server that joins the view and then writes these frames.
func speaking(frames ...ws.Frame) *scripted {
	s := &scripted{}
	s.serve = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/websocket") {
			return false
		}
		conn, _, _, err := ws.UpgradeHTTP(r, w)
		if err != nil {
			return true
		}
		defer conn.Close()
		text, err := wsutil.ReadClientText(conn)
		if err != nil {
			return true
		}
		in, err := parseFrame(text)
		if err != nil {
			panic(err)
		}
		_ = wsutil.WriteServerText(conn, []byte(s.answers(in)[0]))
		for _, f := range frames {
			_ = ws.WriteFrame(conn, f)
		}
		for { // until the page is left, or the client gives up
			text, err := wsutil.ReadClientText(conn)
			if err != nil {
				return true
			}
			if in, err := parseFrame(text); err == nil {
				for _, out := range s.answers(in) {
					_ = wsutil.WriteServerText(conn, []byte(out))
				}
			}
		}
	}
	return s
}

func TestMessagesInPieces(t *testing.T) {
	t.Parallel()
	diff := []byte(`["4",null,"lv:phx-1","diff",{"0":"9"}]`)
	v := Mount(t, speaking(
		ws.NewFrame(ws.OpText, false, diff[:10]),
		ws.NewPingFrame([]byte("?")),
		ws.NewPongFrame(nil),
		ws.NewFrame(ws.OpContinuation, false, nil),
		ws.NewFrame(ws.OpContinuation, true, diff[10:]),
	), "/")
	v.RequireText("Count: 9")
}

func TestFramesThatAServerMustNotSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		frame ws.Frame
		want  string
	}{
		{ws.MaskFrame(ws.NewTextFrame([]byte("x"))), "a masked frame"},
		{ws.NewBinaryFrame([]byte("x")), "a binary message"},
		{ws.NewCloseFrame(nil), "code 1005"},
		{ws.NewCloseFrame(ws.NewCloseFrameBody(1001, "away")), `code 1001 "away"`},
	}
	for _, tt := range tests {
		got := failureOf(t, func(t testing.TB) { Mount(t, speaking(tt.frame), "/").RequireText("Count: 9") })
		if !strings.Contains(got, tt.want) {
			t.Errorf("failed with %q, want it to contain %q", got, tt.want)
		}
	}
	var huge bytes.Buffer
	if err := ws.WriteHeader(&huge, ws.Header{Fin: true, OpCode: ws.OpText, Length: maxMessage + 1}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readFrame(&huge); err == nil || !strings.Contains(err.Error(), "a frame of") {
		t.Errorf("a huge frame: %v", err)
	}
}

func TestRequireTextThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the deadline is one of fake time
		got := failureOf(t, func(t testing.TB) {
			Mount(t, &scripted{}, "/", Options{Deadline: time.Minute}).RequireText("Total: 7")
		})
		for _, want := range []string{`does not show the text "Total: 7"`, "Count: 0", `<p id="n">`} {
			if !strings.Contains(got, want) {
				t.Errorf("failed with %q, want it to contain %q", got, want)
			}
		}
	})
}

func TestTitles(t *testing.T) {
	t.Parallel()
	tests := []struct{ head, diff, want string }{
		{"", `"New"`, "New"},
		{"<title>Old</title>", `"New"`, "New"},
		{"<title>Old</title>", `""`, "Old"},
		{`<title data-default="Shop" data-prefix="* ">Old</title>`, `""`, "* Shop"},
		{`<title data-suffix=" · Shop">Old</title>`, `"New"`, "New · Shop"},
	}
	for _, tt := range tests {
		v := Mount(t, &scripted{head: tt.head, join: `{"s":["x"],"t":` + tt.diff + `}`}, "/")
		if got := v.Title(); got != tt.want {
			t.Errorf("%s, t %s: Title = %q, want %q", tt.head, tt.diff, got, tt.want)
		}
	}
}

func TestLongListsAreCut(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("<li>"+strings.Repeat("é", 200)+"</li>", 30)
	got := failureOf(t, func(t testing.TB) { Mount(t, &scripted{join: `{"s":["` + rows + `"]}`}, "/").Element("li") })
	if !strings.Contains(got, "matches 30 elements") || !strings.Contains(got, "and 20 more") || len(got) > 4000 {
		t.Errorf("failed with %q", got)
	}
}
