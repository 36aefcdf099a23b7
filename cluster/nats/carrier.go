package nats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	client "github.com/nats-io/nats.go"

	"bennu/pubsub"
)

// Carrier is a node's connection to NATS. It is a [pubsub.Carrier].
type Carrier struct {
	opts  Options
	all   string // the subject that all nodes hear
	own   string // the one that this node hears
	queue *queue
	begin func() ([]client.Option, error) // what comes before connecting, such as a server
	end   func()                          // what comes after

	conn    *client.Conn
	unread  chan *client.Msg
	done    chan struct{} // closed by Close
	running sync.WaitGroup

	telling sync.Mutex     // held while the receiver is told of the connection
	dropped map[string]int // under telling: messages that were lost, by subject, as far as they were told

	mu      sync.Mutex
	at      string          // where other nodes reach its server, if it has one
	to      pubsub.Receiver // nil before Open
	away    error
	opened  bool
	closing bool
}

// How soon a broker that does not answer is given up, and how often one is
// looked for.
const (
	connectTimeout = 2 * time.Second
	writeTimeout   = 5 * time.Second
	pingInterval   = 5 * time.Second
	pingsMissed    = 2
	reconnectWait  = 100 * time.Millisecond
	reconnectMost  = 2 * time.Second
	closeTimeout   = 2 * time.Second
)

// New is the carrier of a node that connects to servers which run elsewhere. It
// does not connect before it is given to a hub.
func New(opts Options) (*Carrier, error) {
	opts, err := opts.withDefaults()
	if err := errors.Join(err, checkURLs(opts.URLs), checkFile(opts.CredentialsFile)); err != nil {
		return nil, err
	}
	return newCarrier(opts), nil
}

func newCarrier(opts Options) *Carrier {
	return &Carrier{
		opts: opts, all: opts.App + ".all", own: subjectOf(opts.App, opts.Node), queue: newQueue(opts.MaxQueued),
		unread: make(chan *client.Msg, opts.MaxUnread), done: make(chan struct{}), dropped: map[string]int{},
		begin: func() ([]client.Option, error) { return nil, nil }, end: func() {},
	}
}

func subjectOf(app, node string) string { return app + ".node." + node }

// Node is this node's name.
func (c *Carrier) Node() string { return c.opts.Node }

// Listening is the address on which the server of an embedded carrier listens to
// other nodes, once it is open; "" for one without a server of its own.
func (c *Carrier) Listening() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *Carrier) setListening(at string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Open connects. That no server is there is no error: they are looked for until
// Close.
func (c *Carrier) Open(_ context.Context, to pubsub.Receiver) error {
	c.mu.Lock()
	if c.opened || c.closing {
		c.mu.Unlock()
		return errors.New("nats: a carrier is opened once; make another one")
	}
	c.opened, c.to = true, to
	c.mu.Unlock()

	more, err := c.begin()
	if err != nil {
		return err
	}
	conn, err := client.Connect(strings.Join(c.opts.URLs, ","), append(c.clientOptions(), append(more, c.opts.Client...)...)...)
	if err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	c.conn = conn
	for _, subject := range []string{c.all, c.own} {
		if _, err := conn.ChanSubscribe(subject, c.unread); err != nil {
			return fmt.Errorf("nats: subscribe to %q: %w", subject, err)
		}
	}
	if conn.IsConnected() {
		if err := conn.FlushTimeout(connectTimeout); err != nil {
			c.awayIf(conn.IsConnected, fmt.Errorf("nats: the server does not answer: %w", err))
			c.running.Go(c.awaitAnswer)
		}
	}
	c.awayIf(func() bool { return !conn.IsConnected() }, lastError(conn))
	c.running.Go(c.read)
	c.running.Go(c.send)
	return nil
}

// awaitAnswer waits for a server that has let the node in and then says nothing.
// When the connection is lost the client says what becomes of it.
func (c *Carrier) awaitAnswer() {
	for c.conn.IsConnected() {
		select {
		case <-c.done:
			return
		default:
		}
		if c.conn.FlushTimeout(connectTimeout) == nil {
			c.isBack(c.conn)
			return
		}
	}
}

func (c *Carrier) clientOptions() []client.Option {
	opts := []client.Option{
		client.Name(c.opts.App + " " + c.opts.Node), client.NoEcho(), client.RetryOnFailedConnect(true), client.IgnoreAuthErrorAbort(),
		client.MaxReconnects(-1), client.ReconnectBufSize(-1), client.Timeout(connectTimeout), client.FlusherTimeout(writeTimeout),
		client.PingInterval(pingInterval), client.MaxPingsOutstanding(pingsMissed),
		client.CustomReconnectDelay(reconnectDelay),
		client.ConnectHandler(c.isBack),
		client.ReconnectHandler(c.isBack),
		client.DisconnectErrHandler(func(conn *client.Conn, err error) {
			if err == nil {
				err = lastError(conn)
			}
			c.isAway(err)
		}),
		client.ErrorHandler(c.failed),
	}
	if c.opts.CredentialsFile != "" {
		opts = append(opts, client.UserCredentials(c.opts.CredentialsFile))
	}
	if c.opts.TLS != nil {
		opts = append(opts, client.Secure(c.opts.TLS))
	}
	return opts
}

// read hands on what comes, one message at a time.
func (c *Carrier) read() {
	for {
		select {
		case <-c.done:
			return
		case m := <-c.unread:
			c.to.Receive(m.Data)
		}
	}
}

// Send gives a message to all other nodes.
func (c *Carrier) Send(message []byte) error { return c.put(c.all, message) }

// SendTo gives a message to the nodes of one name.
func (c *Carrier) SendTo(node string, message []byte) error {
	if err := checkName("the node", node); err != nil {
		return err
	}
	return c.put(subjectOf(c.opts.App, node), message)
}

func (c *Carrier) put(subject string, message []byte) error {
	c.mu.Lock()
	away, opened := c.away, c.opened
	c.mu.Unlock()
	switch {
	case !opened:
		return errors.New("nats: the carrier is not open yet: give it to a hub by Join")
	case away != nil:
		return pubsub.ErrAway
	}
	return c.queue.put(subject, message)
}

// send gives the client what is in the queue. It alone waits for a broker that
// does not read.
func (c *Carrier) send() {
	var room []byte
	for {
		select {
		case <-c.done:
			return
		case <-c.queue.filled:
			room = c.publish(c.queue.take(room))
		}
	}
}

// tooMuch is the memory of a queue that is not kept when it is empty again.
const tooMuch = 64 << 10

// publish sends what was taken from the queue, and returns its memory.
func (c *Carrier) publish(all []byte) []byte {
	for rest := all; len(rest) > 0; {
		var subject string
		var message []byte
		subject, message, rest = next(rest)
		if err := c.conn.Publish(subject, message); err != nil {
			// The connection is gone, and with it what is left: the others see the
			// numbers that are missing.
			c.opts.Log.Warn("messages to other nodes are lost", slog.String("node", c.opts.Node), slog.Int("bytes", len(rest)+len(message)), slog.Any("err", err))
			break
		}
	}
	if cap(all) > tooMuch {
		return nil
	}
	return all
}

// Close says goodbye to the broker, when what was sent before has gone or after
// two seconds.
func (c *Carrier) Close() error {
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return nil
	}
	c.closing = true
	opened, away := c.opened, c.away
	c.mu.Unlock()
	c.queue.close()
	close(c.done)
	c.running.Wait()
	if c.conn != nil {
		if opened && away == nil {
			c.publish(c.queue.take(nil))
			if err := c.conn.FlushTimeout(closeTimeout); err != nil {
				c.opts.Log.Warn("the last messages to other nodes may be lost", slog.String("node", c.opts.Node), slog.Any("err", err))
			}
		}
		c.conn.Close()
	}
	c.change(func(pubsub.Receiver) {}) // waits for who is being told now, the last one
	c.end()
	return nil
}
