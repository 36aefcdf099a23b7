package client

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Conn is a WebSocket, the client's end (RFC 6455). One goroutine may read
// while others write.
type Conn struct {
	nc net.Conn
	br *bufio.Reader

	mu   sync.Mutex // held while writing
	out  []byte     // scratch
	mask uint32

	// Received and Frames count the bytes of messages and of messages with their
	// frame headers. They are the reader's.
	Received, Frames int64
}

// CloseError is the end of a connection that the server closed in good order.
type CloseError struct{ Code uint16 }

// Error says the code of RFC 6455.
func (e CloseError) Error() string {
	return "client: the server closed the socket with code " + strconv.Itoa(int(e.Code))
}

// connect opens a socket with the page's cookie and CSRF token.
func (s *Site) connect(p *Page, mounts int) (*Conn, error) {
	nc, err := s.dial()
	if err != nil {
		return nil, fmt.Errorf("client: connect: %w", err)
	}
	var key [16]byte
	rand.Read(key[:]) // never fails: the runtime ends the program first
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: %s\r\n"+
		"Upgrade: websocket\r\nOrigin: %s\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\n",
		p.target(s.opts.Socket, mounts), s.url.Host, userAgent, s.opts.Origin)
	if p.Cookie != "" {
		fmt.Fprintf(&b, "Cookie: %s\r\n", p.Cookie)
	}
	fmt.Fprintf(&b, "Sec-WebSocket-Key: %s\r\n\r\n", base64.StdEncoding.EncodeToString(key[:]))

	c := &Conn{nc: nc, br: bufio.NewReaderSize(nc, s.opts.Buffer), mask: binary.LittleEndian.Uint32(key[:])}
	if err := c.upgrade(b.String()); err != nil {
		c.Abort()
		return nil, fmt.Errorf("client: upgrade: %w", err)
	}
	return c, nil
}

func (c *Conn) upgrade(request string) error {
	if err := c.nc.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c.nc, request); err != nil {
		return err
	}
	status, err := readHead(c.br)
	if err != nil {
		return err
	}
	if status != http.StatusSwitchingProtocols {
		return fmt.Errorf("status %d, want 101", status)
	}
	return c.nc.SetDeadline(time.Time{})
}

// readHead reads the head of a response and returns its status. Lines may be
// longer than the buffer, and nothing behind the head is read.
func readHead(br *bufio.Reader) (status int, err error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		line = append(line, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if status == 0 {
			if status, err = parseStatus(string(line)); err != nil {
				return 0, err
			}
		}
		if len(line) <= len("\r\n") {
			return status, nil
		}
		line = line[:0]
	}
}

// parseStatus reads a line such as "HTTP/1.1 101 Switching Protocols".
func parseStatus(line string) (int, error) {
	_, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(strings.TrimRight(rest, "\r\n"), " ")
	status, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 {
		return 0, fmt.Errorf("status line %.60q, want one such as \"HTTP/1.1 101 Switching Protocols\"", line)
	}
	return status, nil
}

// Write sends a text message.
func (c *Conn) Write(message []byte) error { return c.frame(opText, message) }

// Timeout bounds all reads and writes from now on; 0 lifts the bound.
func (c *Conn) Timeout(d time.Duration) error {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	return c.nc.SetDeadline(until)
}

// Close says goodbye as a browser does that leaves the page, and closes. It
// does not wait for the server.
func (c *Conn) Close() {
	_ = c.nc.SetWriteDeadline(time.Now().Add(time.Second))
	_ = c.frame(opClose, []byte{1001 >> 8, 1001 & 0xff}) // the server may have gone first
	c.Abort()
}

// Abort closes without a word, as a browser does whose machine is shut off.
func (c *Conn) Abort() { _ = c.nc.Close() }

// nextMask is another key for each frame. A browser's are unpredictable, which
// protects proxies; there are none here.
func (c *Conn) nextMask() (key [4]byte) {
	c.mask = bits.RotateLeft32(c.mask, 7) + 0x9e3779b9
	binary.LittleEndian.PutUint32(key[:], c.mask)
	return key
}
