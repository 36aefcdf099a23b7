package pubsub

import (
	"log/slog"
	"time"
)

// resyncEvery is how often subscribers are told at most that messages may have
// been lost: each time costs every view that minds a load of its data.
const resyncEvery = time.Second

// resync is when subscribers were told last, under the cluster's mu.
type resync struct {
	last  time.Time
	timer *time.Timer // runs while they are to be told again
}

func (r *resync) stop() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

// gap is what happens when messages of other nodes were lost.
func (c *cluster) gap(g Gap) {
	c.hub.counts.gaps.Add(1)
	c.hub.counts.lost.Add(g.Messages)
	c.warn("messages of other nodes were lost; subscribers are told", g.Node, g.Cause)
	if c.opts.Gap != nil {
		c.opts.Gap(g)
	}
	c.unsure()
}

// unsure tells all subscribers that messages may have been lost: at once, and
// when it has just been done a little later.
func (c *cluster) unsure() {
	c.mu.Lock()
	now := time.Now()
	wait := c.resync.last.Add(resyncEvery).Sub(now)
	if c.closed || c.resync.timer != nil {
		c.mu.Unlock()
		return
	}
	if wait > 0 {
		c.resync.timer = time.AfterFunc(wait, c.unsureNow)
		c.mu.Unlock()
		return
	}
	c.resync.last = now
	c.mu.Unlock()
	c.hub.tellUnsure()
}

func (c *cluster) unsureNow() {
	c.mu.Lock()
	c.resync.timer = nil
	c.resync.last = time.Now()
	closed := c.closed
	c.mu.Unlock()
	if !closed {
		c.hub.tellUnsure()
	}
}

func (h *Hub) tellUnsure() {
	var all []*topic
	h.each(func(t *topic) { all = append(all, t) })
	for _, t := range all {
		_ = h.enqueue(t, delivery{message: unsure{}}) // a full queue tells them by itself
	}
}

// Lost is what the carrier says of messages for this node.
func (c *cluster) Lost(messages int, why error) {
	c.gap(Gap{Messages: uint64(max(messages, 0)), Cause: why})
}

// Away and Back are what the carrier says of itself.
func (c *cluster) Away(why error) {
	c.mu.Lock()
	was := c.away
	c.away = why
	if why == nil {
		c.away = ErrAway
	}
	if was == nil {
		c.awaySince = time.Now()
	}
	c.mu.Unlock()
	if was == nil {
		c.hub.log().Warn("pubsub: the carrier is away; messages reach this node only", slog.String("node", c.node), slog.Any("err", why))
	}
}

// Back is the end of Away.
func (c *cluster) Back() {
	now := time.Now()
	c.mu.Lock()
	was, since := c.away, c.awaySince
	c.away = nil
	for _, p := range c.peers {
		p.heard = now // they could not be heard until now
	}
	c.mu.Unlock()
	if was == nil {
		return
	}
	c.hub.log().Info("pubsub: the carrier is back; subscribers are told", slog.String("node", c.node), slog.Duration("dur", now.Sub(since)))
	c.tell(kindHello, nil)
	c.unsure()
}
