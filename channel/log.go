package channel

import (
	"errors"
	"log/slog"
	"time"

	"bennu/internal/logs"
	"bennu/live"
)

// identity are the attributes by which logs name a channel.
func (p *process) identity() []slog.Attr {
	attrs := []slog.Attr{slog.String("channel", typeName(p.channel)), slog.String("topic", logs.Cut(p.topic, 100))}
	if p.info != nil {
		attrs = append(attrs, slog.String("request", p.info.RequestID))
	}
	return attrs
}

func (p *process) write(level slog.Level, msg string, attrs []slog.Attr) {
	p.client.rt.log().LogAttrs(&p.ctx, level, msg, append(p.identity(), attrs...)...)
}

func (p *process) inform(msg string, attrs ...slog.Attr) {
	if p.client.rt.log().Enabled(&p.ctx, slog.LevelInfo) {
		p.write(slog.LevelInfo, msg, attrs)
	}
}

func (p *process) detail(msg string, attrs ...slog.Attr) {
	if p.client.rt.log().Enabled(&p.ctx, slog.LevelDebug) {
		p.write(slog.LevelDebug, msg, attrs)
	}
}

// warn tells of what may happen over and over.
func (p *process) warn(msg string, attrs ...slog.Attr) {
	if p.client.rt.sampled(logs.Kind{Level: slog.LevelWarn, Message: msg, View: typeName(p.channel)}, nil) {
		p.write(slog.LevelWarn, msg, attrs)
	}
}

// logCrash logs an error once, with the stack if it was a panic. Of those that
// come again and again most are only counted.
func (p *process) logCrash(msg string, err error) {
	kind := logs.Kind{Level: slog.LevelError, Message: msg, View: typeName(p.channel)}
	in, ok := errors.AsType[*eventError](err)
	if ok && in.known {
		kind.Event = in.event
	}
	if !p.client.rt.sampled(kind, err) {
		return
	}
	attrs := []slog.Attr{slog.Any("err", err)}
	if ok {
		attrs = append(attrs, slog.String("event", in.event))
	}
	if e, ok := errors.AsType[*live.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(e.Stack)))
	}
	p.write(slog.LevelError, msg, attrs)
}

// warnIfSlow names a callback that held its channel up.
func (p *process) warnIfSlow(name string, start time.Time) {
	if took := time.Since(start); took >= slow {
		p.warn("slow handler", slog.String("event", name), slog.Duration("dur", took))
	}
}
