package bennu

import (
	"net"
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
	server := func() (*App, net.Conn) {
		app, srv := logins(t, Options{PubSub: hub}, &role, nil, nil)
		_, conn := visit(t, srv, "ann")
		return app, conn
	}
	here, phone := server()
	there, desk := server()
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
