package livetest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"
)

// maxMessage bounds what a server may send at once.
const maxMessage = 64 << 20

// socket is the page's WebSocket. One goroutine reads messages into the inbox,
// another one sends heartbeats; everything else runs in the test's goroutine.
type socket struct {
	conn    net.Conn
	timeout time.Duration
	wake    chan struct{} // has a token when the inbox was added to
	done    chan struct{} // closed when the reader has ended

	mu    sync.Mutex // of the fields below
	inbox [][]byte
	err   error // why the reader ended

	// writing has its own lock: on a pipe a write waits for the server to read,
	// which may wait for us to read.
	writing sync.Mutex
	replies sync.WaitGroup // writes on behalf of the reader, which must go on reading
	leaving atomic.Bool    // a close frame was sent
}

// openSocket connects and performs the upgrade.
func openSocket(s *site, url string, header http.Header, timeout time.Duration) (*socket, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	d := ws.Dialer{NetDial: s.dial, Header: ws.HandshakeHeaderHTTP(header)}
	conn, early, _, err := d.Dial(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	k := &socket{conn: conn, timeout: timeout, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if early == nil {
		early = bufio.NewReader(conn)
	}
	go k.read(early)
	k.replies.Go(k.beat)
	return k, nil
}

const (
	heartbeat   = 30 * time.Second
	pulse       = `[null,"0","phoenix","heartbeat",{}]`
	pulseAnswer = `[null,"0","phoenix","phx_reply",`
	// mostBeats are more than three days of them. A bubble of testing/synctest in
	// which all wait for ever is to be noticed in the end.
	mostBeats = 10_000
)

// beat tells the server from time to time that the page is there, as the client
// does. The answers are no news.
func (k *socket) beat() {
	ticks := time.NewTicker(heartbeat)
	defer ticks.Stop()
	for range mostBeats {
		select {
		case <-k.done:
			return
		case <-ticks.C:
			_ = k.send([]byte(pulse)) // the reader finds out when the connection is gone
		}
	}
}

// read takes messages until the connection ends.
func (k *socket) read(r io.Reader) {
	defer close(k.done)
	var message []byte
	for {
		h, payload, err := readFrame(r)
		if err == nil {
			message, err = k.frame(h, payload, message)
		}
		if err != nil {
			k.end(err)
			_ = k.conn.Close() // it is over either way; err tells why
			return
		}
	}
}

// end notes why there will be no more messages; the first reason counts.
func (k *socket) end(err error) {
	k.mu.Lock()
	if k.err == nil {
		k.err = err
	}
	k.mu.Unlock()
	k.signal()
}

func (k *socket) signal() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// readFrame reads one WebSocket frame as servers send it.
func readFrame(r io.Reader) (ws.Header, []byte, error) {
	h, err := ws.ReadHeader(r)
	switch {
	case err != nil:
		return h, nil, err
	case h.Masked:
		return h, nil, errors.New("a masked frame came from the server")
	case h.Length > maxMessage:
		return h, nil, fmt.Errorf("a frame of %d bytes came", h.Length)
	}
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(r, payload)
	return h, payload, err
}

// frame acts on one frame; message is the beginning of a message in pieces.
func (k *socket) frame(h ws.Header, payload, message []byte) ([]byte, error) {
	switch h.OpCode {
	case ws.OpPing:
		// Without an answer the server will close the connection, and say why.
		k.replies.Go(func() { _ = k.write(ws.NewPongFrame(payload)) })
		return message, nil
	case ws.OpPong:
		return message, nil
	case ws.OpClose:
		k.end(closeOf(payload))
		k.replies.Go(func() {
			if !k.leaving.Load() {
				_ = k.write(ws.NewCloseFrame(payload)) // the server may have hung up already
			}
			_ = k.conn.Close() // ends the reader
		})
		return nil, nil
	case ws.OpBinary:
		return nil, errors.New("a binary message came, the server has none to send")
	}
	message = append(message, payload...)
	if !h.Fin {
		return message, nil
	}
	if bytes.HasPrefix(message, []byte(pulseAnswer)) {
		return nil, nil
	}
	k.mu.Lock()
	k.inbox = append(k.inbox, message)
	k.mu.Unlock()
	k.signal()
	return nil, nil
}

// closedError is the end of a connection by the server's wish.
type closedError struct {
	code   uint16
	reason string
}

func (e closedError) Error() string {
	return fmt.Sprintf("the server closed the socket with code %d %q", e.code, e.reason)
}

func closeOf(payload []byte) error {
	if len(payload) < 2 {
		return closedError{code: 1005}
	}
	return closedError{binary.BigEndian.Uint16(payload), string(payload[2:])}
}

// send writes one text message.
func (k *socket) send(message []byte) error { return k.write(ws.NewTextFrame(message)) }

func (k *socket) write(f ws.Frame) error {
	b, err := ws.CompileFrame(ws.MaskFrame(f))
	if err != nil {
		return err
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(k.timeout)); err != nil {
		return err
	}
	_, err = k.conn.Write(b)
	return err
}

// take is the next message that has come; ok is false when there is none, and
// err why there will be no more.
func (k *socket) take() (message []byte, ok bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.inbox) == 0 {
		return nil, false, k.err
	}
	message, k.inbox = k.inbox[0], k.inbox[1:]
	return message, true, nil
}

// close ends the connection as a page that is left does, and waits until
// nothing works for it any more.
func (k *socket) close() {
	k.leaving.Store(true)
	body := ws.NewCloseFrameBody(ws.StatusNormalClosure, "")
	if err := k.write(ws.NewCloseFrame(body)); err == nil {
		timer := time.NewTimer(k.timeout)
		defer timer.Stop()
		select {
		case <-k.done:
		case <-timer.C:
		}
	}
	k.drop()
}

// drop cuts the connection without a word.
func (k *socket) drop() {
	_ = k.conn.Close() // the reader finds out
	<-k.done
	k.replies.Wait()
}
