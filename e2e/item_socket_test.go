package e2e

import (
	"context"
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"bennu"
)

func TestItem26DisconnectLetsClientsComeBack(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.Get("/login/{user}", func(w http.ResponseWriter, r *http.Request) error {
		return bennu.SetIdentity(r, r.PathValue("user"))
	})
	open := func(user string) (*visit, *joined) {
		v := get(t, a.url+"/login/"+user)
		v.url = a.url + "/page"
		v.load()
		return v, v.dial().join(v, 0)
	}
	v, ann := open("ann")
	_, bob := open("bob")
	if n := a.Disconnect("ann"); n != 1 {
		t.Errorf("Disconnect closed %d sockets, want one", n)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		_, _, err := ann.conn.Read(ctx)
		if err == nil {
			continue // the end of the view
		}
		if code := websocket.CloseStatus(err); code != websocket.StatusGoingAway {
			t.Errorf("closed with %v, want 1001, after which clients come back", err)
		}
		break
	}
	v.dial().join(v, 1)
	if f := bob.push("set", `{"text":"here"}`); f.reply(t).Status != "ok" {
		t.Errorf("the page of another user: %s", f.raw)
	}
}
