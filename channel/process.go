package channel

import (
	"errors"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"bennu/internal/lifetime"
	"bennu/internal/wire"
	"bennu/live"
	"bennu/pubsub"
)

// Outlet is the way out of a channel to its client. A transport implements it;
// what is said of [live.Outlet] holds for all of it but Share.
type Outlet interface {
	live.Outlet
	live.Gate
	// JoinReplyData answers the join with bytes.
	JoinReplyData(ok bool, data []byte)
	// ReplyData answers a message with bytes.
	ReplyData(ref []byte, ok bool, data []byte)
	// PushData sends bytes that answer nothing.
	PushData(event string, data []byte)
	// Share sends a broadcast at once and never waits for the client. It is called
	// when all that was said is flushed, and may call Stop.
	Share(*wire.Broadcast)
}

// process runs one channel. Like a view it is a mailbox and a state that borrows
// a goroutine while there is something to do. A broadcast needs none: when the
// channel has nothing else to do, whoever delivers the topic also hands the frame
// to the connection, which never waits.
type process struct {
	client  *Client
	route   *route
	out     Outlet
	channel Channel
	topic   string
	info    *live.ConnectInfo
	session *live.Session
	ctx     lifetime.Context
	sub     *pubsub.Subscription // to the topic's broadcasts
	extras  *extras              // nil for most

	intercepted []string // events of broadcasts, once joined

	mu      sync.Mutex
	mailbox mailbox
	stop    live.Reason // why to end; 0 while wanted
	running bool        // somebody is at work
	ended   bool
	joined  bool // the join is answered
	drains  bool // to end when nothing waits any more
	fails   bool // the client is to be told that it ends, and joins again
}

var _ live.Channel = (*process)(nil)

// turns is how many items a borrowed goroutine handles before it gives its place
// in the scheduler's queue away.
const turns = 64

func (c *Client) start(rt *route, topic, match string, payload []byte, info *live.ConnectInfo, session *live.Session, out Outlet) *process {
	p := &process{client: c, route: rt, out: out, topic: topic, info: info, session: session, running: true}
	c.rt.running.Add(1)
	go p.begin(Params{topic, match, payload})
	return p
}

// Deliver puts a message into the mailbox; false when that is full.
func (p *process) Deliver(m live.Message) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != 0 || p.drains {
		return true
	}
	return p.put(item{message: m})
}

// put takes an item and sees to it that somebody works on it. The caller holds mu.
func (p *process) put(i item) bool {
	if !p.mailbox.put(i, p.client.rt.mailbox(), p.client.rt.mailboxBytes()) {
		return false
	}
	p.wake()
	return true
}

// post puts something from inside into the mailbox and never blocks. A channel
// that is so far behind that there is no room ends as overloaded; false says
// that this or another end has come.
func (p *process) post(i item) bool {
	p.mu.Lock()
	if p.stop != 0 || p.drains {
		p.mu.Unlock()
		return false
	}
	ok := p.put(i)
	p.mu.Unlock()
	if !ok {
		p.overload()
	}
	return ok
}

// overload ends a channel that is too far behind. Its client joins again.
func (p *process) overload() {
	p.mu.Lock()
	p.fails = p.fails || p.stop == 0
	p.mu.Unlock()
	p.Stop(live.Overloaded)
}

// receive takes a broadcast, on the goroutine that delivers the topic.
func (p *process) receive(b *broadcast) {
	out := b.on(p.topic)
	if out == nil {
		p.warn("a broadcast of another node is none; does it run another version of the program?")
		return
	}
	p.mu.Lock()
	if p.stop != 0 || p.drains {
		p.mu.Unlock()
		return
	}
	if p.running || slices.Contains(p.intercepted, b.Event) {
		ok := p.put(item{broadcast: b})
		p.mu.Unlock()
		if !ok {
			p.overload()
		}
		return
	}
	p.running = true // whatever comes meanwhile waits
	p.mu.Unlock()
	defer p.yield()
	p.out.Share(out)
}

// yield ends a turn of receive.
func (p *process) yield() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = false
	if p.stop != 0 || p.drains || p.mailbox.len() > 0 {
		p.wake()
	}
}

// Stop ends the channel after the callback that is running, if one is. Its
// context is cancelled at once; what still waits is dropped. A channel that is
// Drained first handles what waits; another Stop ends that.
func (p *process) Stop(why live.Reason) {
	p.mu.Lock()
	switch {
	case p.stop != 0, p.drains && why == live.Drained:
		p.mu.Unlock()
		return
	case why == live.Drained && p.joined:
		p.drains = true
		p.wake()
		p.mu.Unlock()
		return
	case p.drains && why == live.SocketClosed:
		why = live.Drained
	}
	p.stop = why
	waiting := p.mailbox.len()
	p.mailbox.drop()
	p.wake()
	p.mu.Unlock()
	p.ctx.Cancel()
	if why == live.Overloaded {
		p.warn("channel overloaded", slog.Int("waiting", waiting))
	}
}

// wake borrows a goroutine if nobody is at work. The caller holds mu.
func (p *process) wake() {
	if !p.running && !p.ended {
		p.running = true
		go p.run()
	}
}

func (p *process) begin(params Params) {
	done := false
	defer p.guard(&done)
	if p.join(params) {
		p.work()
	}
	done = true
}

func (p *process) run() {
	done := false
	defer p.guard(&done)
	p.work()
	done = true
}

// work handles what waits until nothing does or the channel is to end. What the
// callbacks have to say goes out in one write.
func (p *process) work() {
	flushed := true
	for n := 1; ; n++ {
		p.mu.Lock()
		why, waiting := p.stop, p.mailbox.len() > 0
		switch {
		case why == 0 && !waiting && flushed && p.drains:
			p.stop = live.Drained
			p.mu.Unlock()
			continue
		case why == 0 && !waiting && flushed:
			p.running = false
			p.mailbox.rest()
			p.mu.Unlock()
			return
		case why != 0:
			p.mu.Unlock()
			p.part(why)
			return
		case !waiting:
			p.mu.Unlock()
			if p.out.Flush() != nil {
				p.Stop(live.SocketClosed)
			}
			flushed = true
			continue
		}
		i := p.mailbox.take()
		p.mu.Unlock()
		over, err := p.handle(i)
		if err != nil {
			p.fail(err)
			return
		}
		if over {
			p.out.Close()
			_ = p.out.Flush() // as above
			p.finish(live.Closed)
			return
		}
		flushed = false
		if n%turns == 0 {
			runtime.Gosched()
		}
	}
}

// stopped is the reason to end, 0 while the channel is wanted.
func (p *process) stopped() live.Reason {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stop
}

// fail ends the channel after an error. When the client has gone meanwhile the
// error is no crash: a handler that minds its context ends with that's error.
func (p *process) fail(err error) {
	if why := p.stopped(); why != 0 {
		p.part(why)
		return
	}
	p.crash(err)
}

// part ends the channel for a reason that is not its own doing.
func (p *process) part(why live.Reason) {
	p.mu.Lock()
	fails := p.fails
	p.mu.Unlock()
	if fails {
		p.out.Fail()
	}
	_ = p.out.Flush() // whether or not the client still listens, the channel is over
	p.finish(why)
}

// errGoexit is the end of a callback that neither returned nor panicked.
var errGoexit = errors.New("channel: a callback ended its goroutine with runtime.Goexit (does it call t.FailNow?)")

// guard is the last line: whatever ends the goroutine without having been caught
// by a callback's own frame ends this channel and nothing else.
func (p *process) guard(done *bool) {
	v := recover()
	if *done {
		return
	}
	err := errGoexit
	if v != nil {
		err = &live.PanicError{Value: v, Stack: debug.Stack()}
	}
	p.mu.Lock()
	over := p.ended
	p.mu.Unlock()
	if over {
		p.logCrash("failure while ending", err)
		return
	}
	p.crash(err)
}

// crash ends the channel because of an error and lets the client join again.
func (p *process) crash(err error) {
	p.logCrash("channel crashed", err)
	p.out.Fail()
	_ = p.out.Flush() // whether or not the client still listens, the channel is over
	p.finish(live.Crashed)
}

// finish ends the process; nothing runs after it.
func (p *process) finish(why live.Reason) {
	p.mu.Lock()
	if p.ended {
		p.mu.Unlock()
		return
	}
	p.ended = true
	if p.stop == 0 {
		p.stop = why
	}
	joined := p.joined
	p.mailbox.drop()
	p.mu.Unlock()

	p.ctx.Cancel()
	p.sub.Cancel()
	p.extras.release()
	defer p.client.rt.ended()
	defer p.out.Ended()
	if joined && why != live.Crashed {
		p.terminate(why)
		p.detail("channel ended", slog.String("reason", why.String()))
	}
}
