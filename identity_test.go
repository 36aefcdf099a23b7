package bennu

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"testing"

	"bennu/pubsub"
)

// What one server is told, the others of the app do too.
func TestFault14DisconnectOnEveryServer(t *testing.T) {
	t.Parallel()
	hub := pubsub.New()
	var role atomic.Bool
	role.Store(true)
	visit := func(user string) (*App, net.Conn) {
		app, srv := logins(t, Options{PubSub: hub}, &role, nil, nil)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Jar: jar}
		if _, err := client.Get(srv.URL + "/login/" + user); err != nil {
			t.Fatal(err)
		}
		p := load(t, client, srv.URL)
		conn, err := p.dial(t, srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if answer := say(t, conn, p.join()); !strings.Contains(answer, `"status":"ok"`) {
			t.Fatalf("join: %s", answer)
		}
		return app, conn
	}
	here, phone := visit("ann")
	there, desk := visit("ann")
	if n := here.Disconnect("ann"); n != 1 {
		t.Errorf("Disconnect closed %d sockets, want the one of this server", n)
	}
	for _, conn := range []net.Conn{phone, desk} {
		if code := closeCode(t, conn); code != 1001 {
			t.Errorf("closed with %d, want 1001", code)
		}
	}
	for _, app := range []*App{here, there} {
		if err := app.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if n := hub.Subscribers(disconnectTopic); n != 0 {
		t.Errorf("%d servers listen after their end", n)
	}
}
