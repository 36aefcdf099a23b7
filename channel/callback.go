package channel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"bennu/internal/logs"
	"bennu/live"
	"bennu/pubsub"
)

// eventError says in which event a channel failed.
type eventError struct {
	event string
	known bool // the name is not just what a client sent
	err   error
}

func (e *eventError) Error() string { return fmt.Sprintf("channel: event %q: %v", e.event, e.err) }
func (e *eventError) Unwrap() error { return e.err }

// join makes the channel and answers the client; false when it is over already.
func (p *process) join(params Params) bool {
	start := time.Now()
	s := &Socket{p: p}
	err := p.ask(s, params)
	if why := p.stopped(); why != 0 {
		p.part(why)
		return false
	}
	if err == nil {
		err = p.settle()
	}
	if refusal := refusalOf(err); refusal != nil {
		p.say(func(response []byte, binary bool) {
			if binary {
				p.out.JoinReplyData(false, response)
			} else {
				p.out.JoinReply(false, response)
			}
		}, refusal.response)
		p.inform("join refused", slog.Any("err", err))
		_ = p.out.Flush() // it is over, whether or not the client hears it
		p.finish(live.Refused)
		return false
	}
	if err != nil {
		p.fail(&eventError{"phx_join", true, err})
		return false
	}
	if s.asked.reply == nil {
		p.out.JoinReply(true, nil)
	} else if r := s.asked.reply; r.binary {
		p.out.JoinReplyData(true, r.payload)
	} else {
		p.out.JoinReply(true, r.payload)
	}
	p.mu.Lock()
	p.joined = true
	p.mu.Unlock()
	p.inform("joined", slog.Duration("dur", time.Since(start)))
	over := p.act(s)
	if p.out.Flush() != nil {
		p.Stop(live.SocketClosed)
	}
	if over {
		p.out.Close()
		_ = p.out.Flush() // as above
		p.finish(live.Closed)
	}
	return !over
}

// ask runs the channel's Join, when it is this one's turn among those of its
// connection.
func (p *process) ask(s *Socket, params Params) (err error) {
	if err := p.out.EnterMount(&p.ctx); err != nil {
		return err
	}
	defer p.out.LeaveMount()
	defer catch(&err)
	defer s.end()
	p.channel = p.route.make(p.client.user)
	if err := checkChannel(p.channel); err != nil {
		return fmt.Errorf("channel: Topics[%q]: %w", p.route.pattern, err)
	}
	if err := p.channel.Join(s, params); err != nil {
		return err
	}
	return s.asked.err
}

// settle makes broadcasts come in from here on.
func (p *process) settle() (err error) {
	defer catch(&err)
	if i, ok := p.channel.(Interceptor); ok {
		for event := range i.Intercepts() {
			p.intercepted = append(p.intercepted, event)
		}
	}
	p.sub, err = pubsub.NewTopic[*broadcast](p.client.rt.hub, topicName(p.topic)).SubscribeWith(pubsub.Subscriber[*broadcast]{
		Inline: true, Receive: p.receive,
		Missed: func(messages int) {
			if messages > 0 {
				p.overload() // the client joins again, and asks anew for what it shows
			}
		},
	})
	return err
}

// handle does what one item is for. Over says that the channel wants to end.
func (p *process) handle(i item) (over bool, err error) {
	switch {
	case i.broadcast != nil:
		return p.outgoing(i.broadcast)
	case i.local != nil:
		return p.inside(i.local)
	}
	return p.event(i.message)
}

// event runs the handler of a client's event.
func (p *process) event(m live.Message) (over bool, err error) {
	s := &Socket{p: p, ref: m.Ref, answers: true}
	start := time.Now()
	known, err := p.call(s, m)
	name := logs.Cut(m.Event, 100) // from here on it is for logs
	if known {
		p.warnIfSlow(name, start)
	}
	if refusal := refusalOf(err); refusal != nil {
		p.refuse(m.Ref, refusal)
		p.detail("event refused", slog.String("event", name), slog.Any("err", err))
		return false, nil
	}
	if err != nil {
		return false, &eventError{name, known, err}
	}
	p.detail("event", slog.String("event", name), slog.Duration("dur", time.Since(start)))
	return p.act(s), nil
}

func (p *process) call(s *Socket, m live.Message) (known bool, err error) {
	defer catch(&err)
	defer s.end()
	var events Events
	if h, ok := p.channel.(EventHandler); ok {
		events = h.Events()
	}
	known, err = events.handle(s, m.Event, m.Payload, m.Binary)
	if !known {
		p.warn("unknown event", slog.String("event", events.unknownEvent(m.Event)))
	}
	if err != nil {
		return known, err
	}
	return known, s.asked.err
}

// outgoing sends a broadcast to the client, or has the channel look at it.
func (p *process) outgoing(b *broadcast) (over bool, err error) {
	h, ok := p.intercepts()[b.Event]
	if !ok {
		if p.out.Flush() != nil { // what was said before goes before it
			p.Stop(live.SocketClosed)
			return false, nil
		}
		p.out.Share(b.on(p.topic))
		return false, nil
	}
	if h.run == nil {
		return false, &eventError{b.Event, true, errors.New("channel: the zero Intercepted; make it by channel.Intercept")}
	}
	return p.callback(b.Event, func(s *Socket) error { return h.run(s, b) })
}

func (p *process) intercepts() Intercepts {
	if len(p.intercepted) == 0 {
		return nil
	}
	return p.channel.(Interceptor).Intercepts()
}

// callback runs a callback that answers nothing, and does what it asks for.
func (p *process) callback(name string, f func(*Socket) error) (over bool, err error) {
	s := &Socket{p: p}
	start := time.Now()
	err = run(s, f)
	p.warnIfSlow(name, start)
	if err != nil {
		return false, &eventError{name, true, err}
	}
	return p.act(s), nil
}

// run runs a callback.
func run(s *Socket, f func(*Socket) error) (err error) {
	defer catch(&err)
	defer s.end()
	if err := f(s); err != nil {
		return err
	}
	return s.asked.err
}

// catch turns a panic of the surrounding function into its error.
func catch(err *error) {
	if v := recover(); v != nil {
		*err = &live.PanicError{Value: v, Stack: debug.Stack()}
	}
}

// refuse answers a message with an error, if the client waits for an answer.
func (p *process) refuse(ref []byte, r *Refusal) {
	if ref == nil {
		return
	}
	p.say(func(response []byte, binary bool) { p.reply(ref, false, answer{payload: response, binary: binary}) }, r.response)
}

// say encodes a response of the program's.
func (p *process) say(f func(response []byte, binary bool), response any) {
	b, binary, err := encode(response)
	if err != nil {
		p.logCrash("refusal cannot be encoded", err)
		b, binary = []byte(`{"reason":"refused"}`), false
	}
	f(b, binary)
}

func (p *process) reply(ref []byte, ok bool, a answer) {
	if a.binary {
		p.out.ReplyData(ref, ok, a.payload)
		return
	}
	p.out.Reply(ref, ok, a.payload)
}

// act does what a callback asked for, in order. Over says that it wants the
// channel to end.
func (p *process) act(s *Socket) (over bool) {
	if a := &s.asked; a.reply != nil && s.ref != nil {
		p.reply(s.ref, true, *a.reply)
	}
	for _, w := range s.asked.sent {
		switch {
		case w.broadcast == nil && w.binary:
			p.out.PushData(w.event, w.payload)
		case w.broadcast == nil:
			p.out.Push(w.event, w.payload)
		default:
			p.publish(w)
		}
	}
	return s.asked.close
}

// publish sends a broadcast.
func (p *process) publish(w sent) {
	var except *pubsub.Subscription
	if w.others {
		except = p.sub
	}
	err := pubsub.NewTopic[*broadcast](p.client.rt.hub, topicName(p.topic)).BroadcastFrom(except, w.broadcast)
	if err != nil {
		p.warn("broadcast has not gone everywhere", slog.String("event", w.broadcast.Event), slog.Any("err", err))
	}
}

// terminate runs the last callback. The channel's own context has ended, so that
// it gets another one, or it could save nothing.
func (p *process) terminate(why live.Reason) {
	t, ok := p.channel.(Terminator)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	s := &Socket{p: p, last: ctx}
	if err := run(s, func(s *Socket) error { t.Terminate(s, why); return nil }); err != nil {
		p.logCrash("terminate failed", err)
		return
	}
	p.act(s) // pushes go nowhere by now
}
