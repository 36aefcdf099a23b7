package counter

import (
	"bytes"
	"context"
	"net"
	"testing"
)

// Serve runs the app on a port of the loopback address until the test ends, and
// returns the address of its page. What the server logs, but for the crashes
// that a test asks for, is an error of the test.
func Serve(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	app := App(complaints{tb})
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- app.Serve(ctx, l) }()
	tb.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			tb.Errorf("Serve: %v", err)
		}
	})
	return "http://" + l.Addr().String() + "/counter"
}

type complaints struct{ tb testing.TB }

func (c complaints) Write(line []byte) (int, error) {
	if !bytes.Contains(line, []byte("the crash button was pressed")) {
		c.tb.Errorf("the server logged: %s", line)
	}
	return len(line), nil
}
