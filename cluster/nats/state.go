package nats

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	client "github.com/nats-io/nats.go"

	"bennu/pubsub"
)

// change is one thing that the receiver is told, in the order in which it
// happened, and never after Close. It may send while it is told.
func (c *Carrier) change(do func(to pubsub.Receiver)) {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.mu.Lock()
	to, closing := c.to, c.closing
	c.mu.Unlock()
	if to != nil && !closing {
		do(to)
	}
}

// isAway notes that nothing is carried.
func (c *Carrier) isAway(why error) { c.awayIf(func() bool { return true }, why) }

// awayIf notes it if it is so when everything before has been told.
func (c *Carrier) awayIf(so func() bool, why error) {
	c.change(func(to pubsub.Receiver) {
		if !so() || c.setAway(why) != nil {
			return
		}
		c.queue.forget()
		c.opts.Log.Warn("the broker is away", slog.String("node", c.opts.Node), slog.Any("err", why))
		to.Away(why)
	})
}

// isBack notes that it is carried again, if that is still so: otherwise the
// client tells when it is. It has subscribed anew before.
func (c *Carrier) isBack(conn *client.Conn) {
	c.change(func(to pubsub.Receiver) {
		if !conn.IsConnected() || c.setAway(nil) == nil {
			return
		}
		c.opts.Log.Info("the broker is back", slog.String("node", c.opts.Node))
		to.Back()
	})
}

// setAway sets why nothing is carried, and returns why it was not before.
func (c *Carrier) setAway(why error) (before error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, c.away = c.away, why
	return before
}

// failed hears what goes wrong while the connection lasts.
func (c *Carrier) failed(_ *client.Conn, sub *client.Subscription, err error) {
	if !errors.Is(err, client.ErrSlowConsumer) || sub == nil {
		c.opts.Log.Warn("the broker complains", slog.String("node", c.opts.Node), slog.Any("err", err))
		return
	}
	c.change(func(to pubsub.Receiver) {
		all, _ := sub.Dropped()
		if lost := all - c.dropped[sub.Subject]; lost > 0 {
			c.dropped[sub.Subject] = all
			to.Lost(lost, err)
		}
	})
}

var errNoServer = errors.New("nats: no server answers")

func lastError(conn *client.Conn) error {
	if err := conn.LastError(); err != nil {
		return err
	}
	return errNoServer
}

// reconnectDelay is how long the client waits between two rounds of all servers:
// longer each time, and not all nodes the same.
func reconnectDelay(attempts int) time.Duration {
	wait := reconnectMost
	if shift := max(attempts-1, 0); shift < 8 {
		wait = min(wait, reconnectWait<<shift)
	}
	return wait/2 + rand.N(wait/2) //nolint:gosec // spreads load, hides nothing
}
