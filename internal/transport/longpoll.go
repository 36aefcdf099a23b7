package transport

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bennu/internal/wire"
	"bennu/live"
)

// A longpoll is one client that sends by POST and fetches by GET. Between
// requests it is a queue and nothing else: no goroutine, no timer.
type longpoll struct {
	socket
	id    pollID
	token string

	// turn is held, by sending, while a POST is handled: messages are taken in
	// one at a time and in order. Its holder is the socket's reader.
	turn chan struct{}

	// ready tells the GET that waits to look again.
	ready chan struct{}

	mu      sync.Mutex
	queue   []byte // messages as JSON strings, each with a comma behind it
	polling bool   // a GET is being answered
	cause   Cause  // why it has ended

	// polled is the server's clock at the end of the last GET, 0 while one waits.
	polled atomic.Uint32
}

// openPoll makes the long poll of an admitted connection; nil once the server
// is closing.
func (s *Server) openPoll(c *Conn, owner string) *longpoll {
	p := &longpoll{turn: make(chan struct{}, 1), ready: make(chan struct{}, 1)}
	p.socket = socket{srv: s, link: p, conn: c, waiting: live.Backlog{All: &s.held}}
	p.id = newPollID()
	p.token = s.pollToken(p.id, owner)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil
	}
	now := s.clock.Load()
	p.opened.Store(now)
	if c.Host != nil {
		p.opened.Store(0)
	}
	p.polled.Store(now)
	if s.polls == nil {
		s.polls = make(map[pollID]*longpoll)
	}
	s.polls[p.id] = p
	s.watch()
	return p
}

// findPoll is the long poll that a token is of, nil if there is none for this
// owner.
func (s *Server) findPoll(token, owner string) *longpoll {
	id, ok := s.verifyPoll(token, owner)
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls[id]
}

// open and seal make a JSON string of a message.
func (p *longpoll) open(dst []byte, _ int) []byte { return append(dst, '"') }

func (p *longpoll) seal(dst []byte, start, _ int, _ bool) []byte {
	return append(escape(dst, start+1), '"', ',')
}

// carriesBinary: the client takes strings only.
func (p *longpoll) carriesBinary() bool { return false }

func (p *longpoll) form(b *wire.Broadcast) []byte { return b.Form(wire.PolledForm, p.encode) }

func (p *longpoll) encode(b *wire.Broadcast) []byte {
	payload := b.Payload
	if b.Binary {
		payload = asText(payload)
	}
	return p.seal(wire.AppendPush(p.open(nil, 0), nil, []byte(b.Topic), b.Event, payload), 0, 0, false)
}

// send queues a receiver's messages for the next poll.
func (p *longpoll) send(messages []byte, gone *atomic.Bool) error {
	p.mu.Lock()
	switch {
	case p.cause != causeNone:
		p.mu.Unlock()
		return errClosed
	case gone != nil && gone.Load():
		p.mu.Unlock()
		return nil
	case len(p.queue) > 0 && len(p.queue)+len(messages) > p.srv.opt.MaxQueued:
		p.mu.Unlock()
		p.end(TooSlow)
		return errSlow
	}
	p.queue = append(p.queue, messages...)
	p.srv.held.Add(int64(len(messages)))
	p.mu.Unlock()
	p.wake()
	p.srv.relieveIfNeeded()
	return nil
}

// say is send, which does not wait here.
func (p *longpoll) say(messages []byte) { _ = p.send(messages, nil) }

// wake makes the GET that waits look, or the next one.
func (p *longpoll) wake() {
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// An outcome is how a poll is answered.
type outcome uint8

const (
	pollGone     outcome = iota // the long poll has ended, or somebody else polls it
	pollMessages                // there are some
	pollNothing                 // there were none within the window
	pollLeft                    // nobody waits for the answer any more
)

// poll waits for messages, as one GET. A second one at the same time is none
// of this client's.
func (p *longpoll) poll(ctx context.Context) ([]byte, outcome) {
	if !p.beginGet() {
		return nil, pollGone
	}
	// Before the answer is out: with it, the client may poll again at once.
	defer p.endGet()
	window := time.NewTimer(p.srv.opt.PollWindow)
	defer window.Stop()
	for {
		switch queue, cause := p.fetch(); {
		case len(queue) > 0:
			return queue[:len(queue)-1], pollMessages
		case cause != causeNone:
			return nil, pollGone
		}
		select {
		case <-p.ready:
		case <-window.C:
			return nil, pollNothing
		case <-ctx.Done():
			return nil, pollLeft
		}
	}
}

func (p *longpoll) beginGet() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.polling || p.cause != causeNone {
		return false
	}
	p.polling = true
	p.polled.Store(0)
	return true
}

func (p *longpoll) endGet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.polling = false
	p.polled.Store(p.srv.clock.Load())
}

// fetch takes what is queued. The caller counts it out when it is answered.
func (p *longpoll) fetch() (queue []byte, cause Cause) {
	p.mu.Lock()
	defer p.mu.Unlock()
	queue, p.queue = p.queue, nil
	return queue, p.cause
}

// ended is why the long poll has ended.
func (p *longpoll) ended() Cause {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cause
}

// end ends the long poll; the first cause counts. What waits is lost: the
// client joins anew. It does not block.
func (p *longpoll) end(cause Cause) {
	p.mu.Lock()
	if p.cause != causeNone {
		p.mu.Unlock()
		return
	}
	p.cause = cause
	if cause != Restarting || !p.polling { // else the GET that waits takes the rest along
		p.srv.held.Add(-int64(len(p.queue)))
		p.queue = nil
	}
	p.mu.Unlock()
	p.wake()
	p.stop(cause.Reason())
	p.srv.opt.Logger.Debug("socket closed", slog.String("cause", cause.String()), slog.String("request", p.conn.Info.RequestID))
	p.srv.removePoll(p)
}

func (s *Server) removePoll(p *longpoll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.polls, p.id)
	if len(s.polls) == 0 {
		s.polls = nil
	}
	s.leave()
}
