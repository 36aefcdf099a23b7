package live

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"time"

	"bennu/internal/logs"
	"bennu/internal/wire"
)

// nothing is the response that changes nothing.
var nothing = []byte("{}")

// handle answers one message. An error ends the view.
func (p *Process) handle(m Message) error {
	if p.extras != nil {
		p.extras.put = nil
	}
	if m.local != nil {
		return p.handleLocal(m.local)
	}
	if p.extras != nil {
		p.extras.patches = 0
	}
	if m.Binary {
		// Raw bytes are parts of uploads, which have topics of their own.
		p.ignore(m, "binary message")
		return nil
	}
	switch m.Event {
	case "event":
		return p.event(m)
	case "live_patch":
		return p.livePatch(m)
	case "cids_will_destroy":
		p.cidsWillDestroy(m)
	case "cids_destroyed":
		p.cidsDestroyed(m)
	default:
		p.ignore(m, "message of no known kind")
	}
	return nil
}

// ignore answers what no official client sends. The answer is ok and says
// nothing: an error would lock the element that the message came from.
func (p *Process) ignore(m Message, what string) {
	if p.rt.sampled(logs.Kind{Level: slog.LevelWarn, Message: "message ignored", View: p.spec.Name}, nil) {
		p.rt.log().LogAttrs(p.ctx, slog.LevelWarn, "message ignored", append(p.identity(), slog.String("what", what), slog.String("kind", shorten(m.Event)))...)
	}
	p.out.Reply(m.Ref, true, nothing)
}

// eventError says in which event a view failed.
type eventError struct {
	event string
	known bool // the view takes the event: the name is not just what a client sent
	err   error
}

func (e *eventError) Error() string {
	return "live: event " + strconv.Quote(e.event) + ": " + e.err.Error()
}
func (e *eventError) Unwrap() error { return e.err }

// event runs the handler of an app's event and replies with what it changed.
func (p *Process) event(m Message) error {
	ev, err := wire.ParseEvent(m.Payload)
	if err != nil {
		p.ignore(m, "malformed event: "+shorten(err.Error()))
		return nil
	}
	name := string(ev.Name)
	var c *component
	if ev.HasCID {
		if c = p.component(ev.CID); c == nil {
			if !p.hadComponent(ev.CID) {
				return &eventError{shorten(name), false, fmt.Errorf("live: it came for component %d, which this view never had", ev.CID)}
			}
			// An event for a component that is gone is a race, not a fault.
			p.out.Reply(m.Ref, true, nothing)
			return nil
		}
	}
	in, err := eventPayload(ev)
	if err != nil {
		return &eventError{shorten(name), false, err}
	}
	p.typed = in.form
	defer func() { p.typed = false }()
	start := time.Now()
	if strings.HasPrefix(name, "lv:") { // the framework's own names never reach the app
		if name == "lv:clear-flash" {
			p.clearFlashEvent(c, in)
		}
		return p.reply(m.Ref, shorten(name), start)
	}
	a, known, err := p.call(c, name, in)
	name = shorten(name) // from here on it is for logs
	p.warnIfSlow(name, start)
	if p.rt.Observe.Event != nil {
		p.observeEvent(name, known, c, in.form, start, err)
	}
	if err != nil {
		return &eventError{name, known, err}
	}
	return p.answer(m.Ref, name, start, a)
}

// answer does what a callback asked for and answers the client's message.
func (p *Process) answer(ref []byte, event string, start time.Time, a *asks) error {
	if a != nil {
		m, err := p.follow(a, p.sayPatch)
		if err != nil {
			return &eventError{event, true, err}
		}
		if m != nil {
			return p.moved(ref, m)
		}
	}
	return p.reply(ref, event, start)
}

// eventPayload is the part of an event that its handler decodes.
func eventPayload(ev wire.Event) (payload, error) {
	if !ev.Form() {
		if ev.Value == nil {
			return payload{json: nothing}, nil
		}
		return payload{json: ev.Value}, nil
	}
	query, ok := wire.String(ev.Value)
	if !ok {
		return payload{}, errors.New("payload of a form event: want a string with the encoded form, got another JSON value")
	}
	return payload{form: true, query: query, meta: ev.Meta}, nil
}

// call runs the handler of an event, which is one of a live component or, if
// that is nil, of the view. Known says that there is such a handler.
func (p *Process) call(c *component, name string, in payload) (a *asks, known bool, err error) {
	defer catch(&err)
	if p.extras != nil {
		if a, halt, err := p.extras.hooks.runEvent(&p.instance, name, in); halt || err != nil {
			return a, false, err
		}
	}
	taker := p.spec.View
	if c != nil {
		taker = c.view
		p.extras.components.mark(c)
	}
	var events Events
	if h, ok := taker.(EventHandler); ok {
		events = h.Events()
	}
	h, ok := events[name]
	if ok && h.run == nil {
		return nil, true, fmt.Errorf("live: event %q has the zero Handler; make one by live.On or live.Do", name)
	}
	if !ok {
		return nil, false, fmt.Errorf("%w%s", unknownEvent(c, name, events), p.otherTaker(c, name))
	}
	known = true
	s := &Socket{view: &p.instance, component: c}
	defer s.end()
	if err := h.run(s, in); err != nil {
		return nil, known, err
	}
	a, err = s.wanted()
	return a, known, err
}

// otherTaker is a hint to what else on the page takes an event: an element in
// the template of a live component that does not name it sends to the view.
func (p *Process) otherTaker(c *component, name string) string {
	if h, ok := p.spec.View.(EventHandler); ok && c != nil {
		if _, takes := h.Events()[name]; takes {
			return "; the view takes it, to which elements without phx-target send"
		}
	}
	if p.extras == nil || p.extras.components == nil {
		return ""
	}
	seen := make(map[reflect.Type]bool)
	for _, other := range p.extras.components.byCID {
		if seen[other.of] {
			continue
		}
		seen[other.of] = true
		if h, ok := other.view.(EventHandler); ok {
			if _, takes := h.Events()[name]; takes {
				return fmt.Sprintf("; component %s takes it: its elements send to it by phx-target={ live.Target(ctx) }", other.of)
			}
		}
	}
	return ""
}

// reply renders and answers the message with what has changed.
func (p *Process) reply(ref []byte, event string, start time.Time) error {
	buf := takeBuffer()
	defer giveBuffer(buf)

	const head = `{"diff":{`
	var err error
	var drawing time.Time
	if p.rt.Observe.Render != nil {
		drawing = time.Now()
	}
	form := "" // the event that is answered, if it is one of a form
	if p.typed {
		form = event
	}
	if buf.b, err = p.renderComponents(append(buf.b, head...), form); err != nil {
		return &eventError{event, true, err}
	}
	if len(buf.b) > len(head) {
		p.dirty = true // what a component told its view follows, in a message of its own
	} else if buf.b, err = p.render(buf.b, form); err != nil {
		return &eventError{event, true, err}
	}
	buf.b = p.appendExtras(buf.b, len(buf.b) == len(head))
	size := len(buf.b) - len(head)
	if size == 0 {
		p.out.Reply(ref, true, nothing)
	} else {
		buf.b = append(buf.b, `}}`...)
		p.out.Reply(ref, true, buf.b)
	}
	if p.rt.Observe.Render != nil {
		p.observeRender("event", drawing, size)
	}
	if p.rt.log().Enabled(p.ctx, p.detail()) {
		p.logChange("event", event, start, size)
	}
	return nil
}

// detail is the level at which the log tells what the view does.
func (p *Process) detail() slog.Level { return p.spec.LogLevel + slog.LevelDebug - slog.LevelInfo }

// logChange says what a message has changed. It is not inlined, or its
// attributes would stand on the stack of every event, which a borrowed goroutine
// then grows once more.
//
//go:noinline
func (p *Process) logChange(what, event string, start time.Time, size int) {
	attrs := p.identity()
	if event != "" {
		attrs = append(attrs, slog.String("event", event))
	}
	p.rt.log().LogAttrs(p.ctx, p.detail(), what, append(attrs,
		slog.Duration("dur", time.Since(start)), slog.Int("diff_bytes", size), slog.Any("state", state{p.spec.View}))...)
}

// render appends the members of the diff between what the client has and the
// view as it is now. Form is the event of one that is answered, "" for none.
func (p *Process) render(dst []byte, form string) (out []byte, err error) {
	out = dst
	defer catch(&err)
	c, done, err := p.draw()
	defer done()
	if err != nil {
		return dst, err
	}
	if p.extras != nil && p.extras.components != nil {
		p.extras.components.begin(form)
	}
	out, err = p.tape.AppendAnswer((*renderContext)(p), dst, c, form)
	if errors.Is(err, errAgain) {
		err = p.extras.components.completeAfter(err, func() (err error) {
			out, err = p.tape.AppendAnswer((*renderContext)(p), dst, c, form)
			return err
		})
	}
	if err != nil {
		return dst, fmt.Errorf("render: %w", err)
	}
	if p.extras != nil && p.extras.components != nil {
		h := p.extras.components
		h.drawn = h.message
		out = h.appendDiffs(out, len(out) == len(dst))
	}
	p.dirty = false
	if p.extras != nil {
		p.extras.hooks.runAfterRender(&p.instance)
	}
	return out, nil
}

// pushDiff tells the client what has changed without its asking.
func (p *Process) pushDiff() error {
	start := time.Now()
	buf := takeBuffer()
	defer giveBuffer(buf)
	var err error
	if buf.b, err = p.renderComponents(append(buf.b, '{'), ""); err != nil {
		return err
	}
	if len(buf.b) == 1 {
		if buf.b, err = p.render(buf.b, ""); err != nil {
			return err
		}
	} // else the view's own changes follow, in a message of their own
	buf.b = p.appendExtras(buf.b, len(buf.b) == 1)
	size := len(buf.b) - 1
	if size > 0 {
		p.out.Push("diff", append(buf.b, '}'))
	}
	if p.rt.Observe.Render != nil {
		p.observeRender("message", start, size)
	}
	if p.rt.log().Enabled(p.ctx, p.detail()) {
		p.logChange("message", "", start, size)
	}
	return nil
}
