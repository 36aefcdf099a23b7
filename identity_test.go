package bennu

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
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

// The same between servers whose hubs a carrier joins.
func TestFault14DisconnectByTheCarrier(t *testing.T) {
	t.Parallel()
	network := pubsubtest.NewNetwork()
	var role atomic.Bool
	role.Store(true)
	server := func(node string) (*App, net.Conn) {
		app, srv := logins(t, Options{Carrier: network.Carrier(node), Cluster: pubsub.Cluster{Wait: time.Millisecond}}, &role, nil, nil)
		if err := app.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		_, conn := visit(t, srv, "ann")
		return app, conn
	}
	here, phone := server("here")
	there, desk := server("there")
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
}
