package channel

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
)

// local is something from inside the server. It runs on the channel's goroutine
// like a callback.
type local interface {
	// run is the callback; nil: there is none any more.
	run(*process) func(*Socket) error
	// name says in logs what it was.
	name() string
}

func (p *process) inside(l local) (over bool, err error) {
	if direct, ok := l.(interface{ do(*process) }); ok {
		direct.do(p)
		return false, nil
	}
	f := l.run(p)
	if f == nil {
		return false, nil
	}
	return p.callback(l.name(), f)
}

// extras is what few channels have.
type extras struct {
	handlers map[reflect.Type]func(*Socket, any) error
	ends     []*ending // what ends with the channel
}

// ending is something that ends with the channel.
type ending struct{ f func() }

func (p *process) more() *extras {
	if p.extras == nil {
		p.extras = new(extras)
	}
	return p.extras
}

// onEnd has f called when the channel ends, unless it is forgotten before.
func (p *process) onEnd(f func()) (forget func()) {
	x, e := p.more(), &ending{f}
	x.ends = append(x.ends, e)
	return func() {
		if i := slices.Index(x.ends, e); i >= 0 {
			x.ends = slices.Delete(x.ends, i, i+1)
		}
	}
}

func (x *extras) release() {
	if x == nil {
		return
	}
	ends := x.ends
	x.ends = nil
	for _, e := range slices.Backward(ends) {
		e.f()
	}
}

// Ref is an address by which any goroutine reaches a channel. It may be kept and
// compared. The zero Ref reaches nobody.
type Ref struct{ p *process }

// Self is the channel's own address.
func (s *Socket) Self() Ref { return Ref{s.open()} }

// Send has a message handled by the channel's [OnMessage] of its type. It never
// blocks; false says that the channel has ended, or is too far behind and so ends
// now.
func (r Ref) Send(message any) bool {
	return r.p != nil && r.p.post(item{local: told{message}})
}

// told is a message on its way to a channel.
type told struct{ value any }

func (m told) name() string { return fmt.Sprintf("message %T", m.value) }

func (m told) run(p *process) func(*Socket) error {
	if p.extras != nil {
		if f, ok := p.extras.handlers[reflect.TypeOf(m.value)]; ok {
			return func(s *Socket) error { return f(s, m.value) }
		}
	}
	p.client.rt.once(fmt.Sprintf("%s %T", typeName(p.channel), m.value), func() {
		p.write(slog.LevelWarn, "message without a handler", []slog.Attr{
			slog.String("type", fmt.Sprintf("%T", m.value)), slog.String("fix", "register one by channel.OnMessage in Join")})
	})
	return nil
}

// OnMessage makes f the handler of what others send to this channel by
// [Ref.Send]: values of the type M, which is not an interface. A second handler
// for a type takes the place of the first. Channels register theirs in Join.
func OnMessage[M any](s *Socket, f func(*Socket, M) error) {
	t := reflect.TypeFor[M]()
	if t.Kind() == reflect.Interface {
		panic(fmt.Sprintf("channel: OnMessage for %s: messages are told apart by their own types, so M can not be an interface", t))
	}
	if f == nil {
		panic(fmt.Sprintf("channel: OnMessage wants a function that takes the messages, a func(*channel.Socket, %s) error, got nil", t))
	}
	p := s.open()
	if p == nil || s.closed.Load() {
		return
	}
	x := p.more()
	if x.handlers == nil {
		x.handlers = make(map[reflect.Type]func(*Socket, any) error)
	}
	x.handlers[t] = func(s *Socket, m any) error { return f(s, m.(M)) }
}

// Later answers a message when the callback that took it has returned: when work
// in the background is done, say. Its methods may be called from any goroutine;
// the first answer counts. The zero Later answers nobody.
type Later struct {
	p   *process
	ref string
}

// Later is the way to answer the message that is being handled after the
// callback, which then calls no Reply.
func (s *Socket) Later() Later { return Later{s.open(), string(s.ref)} }

// Reply answers like [Socket.Reply]. False says that nobody waits any more.
func (l Later) Reply(payload any) (bool, error) { return l.answer(true, payload) }

// Refuse answers with an error like [RefuseWith].
func (l Later) Refuse(payload any) (bool, error) { return l.answer(false, payload) }

func (l Later) answer(ok bool, payload any) (bool, error) {
	b, binary, err := encode(payload)
	if err != nil {
		return false, fmt.Errorf("channel: Reply: %w", err)
	}
	if l.p == nil || l.ref == "" {
		return false, nil
	}
	return l.p.post(item{local: lateAnswer{l.ref, ok, answer{b, binary}}}), nil
}

type lateAnswer struct {
	ref string
	ok  bool
	answer
}

func (lateAnswer) name() string                     { return "answer" }
func (lateAnswer) run(*process) func(*Socket) error { return nil }
func (a lateAnswer) do(p *process)                  { p.reply([]byte(a.ref), a.ok, a.answer) }
