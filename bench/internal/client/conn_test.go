package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

func TestParseStatus(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{
		"HTTP/1.1 101 Switching Protocols\r\n": 101, "HTTP/1.1 403\r\n": 403, "HTTP/1.0 200 OK\n": 200,
		"HTTP/1.1": 0, "": 0, "HTTP/1.1 abc\r\n": 0, "HTTP/1.1 10\r\n": 0, "\r\n": 0,
	} {
		got, err := parseStatus(line)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("parseStatus(%q) = %d, %v, want %d", line, got, err, want)
		}
	}
}

func TestReadHeadLeavesWhatFollows(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 500)
	br := bufio.NewReaderSize(strings.NewReader("HTTP/1.1 101 Switching Protocols\r\nX-Long: "+long+"\r\n\r\nframes"), 16)
	status, err := readHead(br)
	if status != 101 || err != nil {
		t.Errorf("readHead = %d, %v, want 101", status, err)
	}
	if rest, err := io.ReadAll(br); string(rest) != "frames" || err != nil {
		t.Errorf("after the head come %q, %v, want the frames", rest, err)
	}
	if _, err := readHead(bufio.NewReader(strings.NewReader("HTTP/1.1 101 Switching"))); err == nil {
		t.Error("a head that is cut off is no error")
	}
}

// sockets are two ends of a connection: ours, and one that speaks by gobwas.
func sockets(t *testing.T) (*Conn, net.Conn) {
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	return &Conn{nc: near, br: bufio.NewReader(near), mask: 1}, far
}

// readFrame reads and unmasks a frame.
func readFrame(t *testing.T, r io.Reader) (ws.Header, []byte) {
	t.Helper()
	h, err := ws.ReadHeader(r)
	if err != nil {
		t.Fatal(err)
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(r, payload); err != nil {
		t.Fatal(err)
	}
	if h.Masked {
		ws.Cipher(payload, h.Mask, 0)
	}
	return h, payload
}

func TestWrittenFramesAreAsGobwasReadsThem(t *testing.T) {
	t.Parallel()
	c, far := sockets(t)
	for _, size := range []int{0, 1, 125, 126, 0xffff, 0x10000} {
		want := bytes.Repeat([]byte("ab\x00"), size/3+1)[:size]
		written := make(chan error, 1)
		go func() { written <- c.Write(want) }()
		h, got := readFrame(t, far)
		if err := <-written; err != nil {
			t.Fatal(err)
		}
		if !h.Masked || !h.Fin || h.OpCode != ws.OpText {
			t.Errorf("%d bytes: header %+v, want a final masked text frame", size, h)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes came out as %d others", size, len(got))
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	c, far := sockets(t)
	big := bytes.Repeat([]byte("x"), 70_000)
	sent := make(chan error, 1)
	go func() {
		for _, f := range []ws.Frame{
			ws.NewTextFrame([]byte("one")),
			ws.NewFrame(ws.OpText, false, []byte("tw")), ws.NewFrame(ws.OpContinuation, true, []byte("o")),
			ws.NewTextFrame(big),
			ws.NewCloseFrame(ws.NewCloseFrameBody(1012, "restart")),
		} {
			if err := ws.WriteFrame(far, f); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	var buf []byte
	for _, want := range []string{"one", "two", string(big)} {
		var err error
		if buf, err = c.Read(buf); err != nil || string(buf) != want {
			t.Fatalf("Read = %.20q, %v, want %.20q", buf, err, want)
		}
	}
	if want := int64(3 + 3 + len(big)); c.Received != want {
		t.Errorf("Received = %d, want %d", c.Received, want)
	}
	_, err := c.Read(buf)
	if end, ok := errors.AsType[CloseError](err); !ok || end.Code != 1012 {
		t.Errorf("Read at the end: %v, want a CloseError with 1012", err)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

func TestPingIsAnswered(t *testing.T) {
	t.Parallel()
	c, far := sockets(t)
	read := make(chan string, 1)
	go func() {
		b, err := c.Read(nil)
		if err != nil {
			b = []byte(err.Error())
		}
		read <- string(b)
	}()
	if err := ws.WriteFrame(far, ws.NewPingFrame([]byte("p"))); err != nil {
		t.Fatal(err)
	}
	if h, payload := readFrame(t, far); h.OpCode != ws.OpPong || string(payload) != "p" {
		t.Fatalf("answer to the ping: %+v %q, want its pong", h, payload)
	}
	if err := ws.WriteFrame(far, ws.NewTextFrame([]byte("on"))); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "on" {
		t.Errorf("Read = %q, want the message after the ping", got)
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"masked":           {0x81, 0x81, 1, 2, 3, 4, 'x'},
		"extension":        {0xc1, 0x01, 'x'},
		"huge":             {0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0},
		"negative":         {0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"long control":     {0x88, 126, 0, 200},
		"cut off":          {0x81},
		"cut off in size":  {0x81, 126, 1},
		"nothing":          {},
		"cut off in size8": {0x81, 127, 0, 0, 0},
	} {
		if h, err := readHeader(bytes.NewReader(b)); err == nil {
			t.Errorf("%s: readHeader = %+v, want an error", name, h)
		}
	}
}
