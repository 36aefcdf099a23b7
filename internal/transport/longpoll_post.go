package transport

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"time"
)

// errBusy is that another POST has not been handled within the window.
var errBusy = errors.New("transport: another request is being handled")

// publish handles the messages of one POST as they arrive, and returns why the
// long poll has to end, if it has. An error means that nothing was handled.
func (p *longpoll) publish(ctx context.Context, body io.Reader) (cause Cause, err error) {
	window := time.NewTimer(p.srv.opt.PollWindow)
	defer window.Stop()
	select {
	case p.turn <- struct{}{}:
	case <-window.C:
		return causeNone, errBusy
	case <-ctx.Done():
		return causeNone, ctx.Err()
	}
	defer func() {
		if v := recover(); v != nil {
			p.logPanic("socket crashed", v)
			cause = Failed
		}
		<-p.turn
	}()
	in := newPollLines(body, &p.srv.opt, p.flush)
	defer in.release()
	cause = p.receive(ctx, in)
	p.flush()
	return cause, nil
}

// receive handles lines until there are no more.
func (p *longpoll) receive(ctx context.Context, in *pollLines) Cause {
	for {
		line, cause, more := in.next()
		switch {
		case cause != causeNone:
			return cause
		case !more && in.count == 0:
			return p.refuse("no message in the request")
		case !more:
			return causeNone
		case p.ended() != causeNone:
			return p.ended()
		case line[0] != '[':
			cause = p.encoded(line)
		case len(line) > p.srv.opt.MaxMessage:
			return TooBig
		default:
			cause = p.text(line)
		}
		if cause == causeNone {
			cause = p.pace(ctx)
		}
		if cause != causeNone {
			return cause
		}
	}
}

// pace waits before the next line when messages come too fast.
func (p *longpoll) pace(ctx context.Context) Cause {
	pause, cause := p.look()
	if pause == 0 {
		return cause
	}
	p.flush()
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return causeNone
	case <-ctx.Done():
		return ClientGone
	}
}

// encoded handles a line that is no text message but a binary one in the
// standard alphabet of base64.
func (p *longpoll) encoded(line []byte) Cause {
	n, err := base64.StdEncoding.Strict().Decode(line, line)
	if err != nil {
		return p.refuse(err.Error())
	}
	if n > p.srv.opt.MaxBinary {
		return TooBig
	}
	return p.binary(line[:n])
}
