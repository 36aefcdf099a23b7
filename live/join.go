package live

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"bennu/internal/logs"
	"bennu/internal/wire"
)

// ClientVersion is the version of the npm package phoenix_live_view that this
// package speaks to; the client compares it with its own.
const ClientVersion = "1.2.12"

// join mounts and answers; false when the join was refused.
func (p *Process) join(prepare func() (Spec, error)) bool {
	start := time.Now()
	buf := takeBuffer()
	defer giveBuffer(buf)

	patched, err := p.open(buf, prepare)
	if why := p.stopped(); why != 0 { // nobody is there to be answered
		p.part()
		p.finish(why)
		return false
	}
	if err != nil {
		if p.rt.Observe.Join != nil {
			p.observeJoin(start, 0, err)
		}
		p.refuse(err)
		p.finish(Refused)
		return false
	}
	buf.b = append(buf.b, `},"liveview_version":"`+ClientVersion+`"`...)
	if patched != nil {
		buf.b = appendPatch(append(buf.b, `,"live_patch":`...), patched)
	}
	if p.spec.Navigated {
		buf.b = append(append(buf.b, `,"container":`...), p.container().json()...)
	}
	buf.b = append(buf.b, '}')
	if p.rt.Observe.Join != nil {
		p.observeJoin(start, len(buf.b), nil)
	}
	p.forgetJoin()
	p.out.JoinReply(true, buf.b)
	if p.out.Flush() != nil {
		p.Stop(SocketClosed)
	}
	p.rt.logMount(p.ctx, &p.instance, time.Since(start))
	return true
}

// open makes the view's first render. It stops between its steps when the
// client has gone, so that joins which nobody waits for mount nothing.
//
// Patched is the address that the view has given itself meanwhile, if it has.
func (p *Process) open(buf *buffer, prepare func() (Spec, error)) (patched *move, err error) {
	if p.stopped() != 0 {
		return nil, errStopped
	}
	if err := p.prepare(prepare); err != nil {
		return nil, err
	}
	if p.spec.Parent != nil {
		if err := p.spec.Parent.adopt(p); err != nil {
			return nil, err
		}
	}
	if gate, ok := p.out.(Gate); ok {
		if gate.EnterMount(p.ctx) != nil {
			return nil, errStopped
		}
		defer gate.LeaveMount()
	}
	if p.rt.joins.enter(p.ctx, p.rt.Mounts) != nil {
		return nil, errStopped
	}
	defer p.rt.joins.leave()
	if p.stopped() != 0 {
		return nil, errStopped
	}
	if f := p.spec.Frame; p.spec.Navigated && f != nil && f.Title != "" {
		e := p.more()
		e.title, e.titled = f.Title, true
	}
	a, err := p.mountLive()
	if err != nil {
		return nil, err
	}
	p.mounted = true
	m, err := p.follow(a, func(m *move) { patched = m })
	if err != nil {
		return nil, err
	}
	if m != nil {
		return nil, &elsewhere{m}
	}
	const head = `{"rendered":{`
	drawing := time.Now()
	if buf.b, err = p.render(append(buf.b, head...), ""); err != nil {
		return nil, err
	}
	if p.rt.Observe.Render != nil {
		p.observeRender("join", drawing, len(buf.b)-len(head))
	}
	if p.extras != nil {
		p.extras.reply = nil // nobody waits for one
	}
	buf.b = p.appendExtras(buf.b, len(buf.b) == len(head))
	return patched, nil
}

// elsewhere is a join whose callbacks sent the browser to another address.
type elsewhere struct{ move *move }

func (e *elsewhere) Error() string {
	return "live: the view sends the browser to " + strconv.Quote(e.move.to)
}

// errStopped is the end of a join that is not wanted any more.
var errStopped = errors.New("live: the view was stopped before it was mounted")

// container is the element that the page stands in.
func (p *Process) container() Container {
	if p.spec.Frame != nil {
		return p.spec.Frame.Container
	}
	c, _ := ContainerOf(p.spec.View) // the App has checked it
	return c
}

func (p *Process) prepare(prepare func() (Spec, error)) (err error) {
	defer catch(&err)
	p.spec, err = prepare()
	p.mu.Lock()
	p.known = true
	p.mu.Unlock()
	return err
}

func (p *Process) mountLive() (a *asks, err error) {
	defer catch(&err)
	return p.mount()
}

// forgetJoin drops what only a mount may ask for, so that idle views are small.
func (p *Process) forgetJoin() {
	p.spec.Params = Params{}
	p.spec.ReloadToken = nil
	p.spec.Frame = nil
	delete(p.spec.Connect, RefererParam)
	if len(p.spec.Connect) == 0 {
		p.spec.Connect = nil
	}
}

// refuse answers the join with an error, in the terms that lead the client to
// the right place.
func (p *Process) refuse(err error) {
	var response []byte
	code, has := status(err)
	refusal, isRefusal := errors.AsType[*JoinError](err)
	moved, isMoved := errors.AsType[*elsewhere](err)
	switch {
	case isMoved:
		response = p.appendElsewhere(response, moved.move)
	case isRefusal:
		response = append(wire.AppendString(append(response, `{"reason":`...), refusal.Why), '}')
		p.logRefusal(err)
	case has && code >= http.StatusBadRequest && code < http.StatusInternalServerError && p.spec.ReloadToken != nil:
		response = append(response, `{"reason":"reload","status":`...)
		response = strconv.AppendInt(response, int64(code), 10)
		response = append(response, `,"token":"`+p.spec.ReloadToken(code)+`"}`...)
		p.logRefusal(err, slog.Int("status", code))
	default:
		response = append(response, `{"reason":"join crashed"}`...)
		p.logCrash("mount failed", err)
	}
	p.out.JoinReply(false, response)
	_ = p.out.Flush() // the client may be gone; there is nothing left to tell it
}

// appendElsewhere appends the refusal of a join whose callbacks sent the
// browser to another address, with the events for the page's script.
func (p *Process) appendElsewhere(dst []byte, m *move) []byte {
	kind := `{"redirect":`
	if m.kind == navigateMove {
		kind = `{"live_redirect":`
	}
	var events []pushedEvent
	if p.extras != nil {
		events = p.extras.events
	}
	dst = p.appendMove(append(dst, kind...), m)
	return append(appendEvents(append(dst, `,"events":`...), events), '}')
}

// logRefusal says why a join was refused.
func (p *Process) logRefusal(err error, more ...slog.Attr) {
	if !p.rt.sampled(logs.Kind{Level: slog.LevelInfo, Message: "join refused", View: p.spec.Name}, err) {
		return
	}
	p.rt.log().LogAttrs(p.ctx, slog.LevelInfo, "join refused", append(append(p.identity(), more...), slog.Any("err", err))...)
}
