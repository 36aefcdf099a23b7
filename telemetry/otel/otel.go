// Package otel tells OpenTelemetry what happens in an app, as spans: requests,
// mounts, joins, events, messages, renders, background work.
//
//	opts.Observers = append(opts.Observers, otel.Observer(otel.Options{}))
//
// A view's spans belong to the trace of the request that opened its socket, as
// its header traceparent says; without one each is a trace of its own. Names of
// spans are names of the program, and what a client sent is in no attribute.
package otel

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"bennu/telemetry"
)

// Options are those of [Observer]; the zero Options are good ones.
type Options struct {
	// Provider makes the spans; nil is OpenTelemetry's global one.
	Provider trace.TracerProvider
	// Renders adds a span for each render. There are as many as there are events
	// and messages, so that they are left out unless somebody wants them.
	Renders bool
}

// name is how the spans name their origin.
const name = "bennu"

// Observer is for the App's Options.Observers.
func Observer(o Options) telemetry.Observer {
	if o.Provider == nil {
		o.Provider = otel.GetTracerProvider()
	}
	t := &tracer{o.Provider.Tracer(name)}
	all := telemetry.Observer{
		Request: func(r telemetry.Request) {
			title := r.Method
			if r.Route != "" {
				title += " " + r.Route
			}
			const failed = 500
			var err error
			if r.Status >= failed {
				err = statusError(r.Status)
			}
			t.span(r.Trace, title, trace.SpanKindServer, r.Start, r.Duration, err,
				attribute.String("http.request.method", r.Method), attribute.String("http.route", r.Route),
				attribute.Int("http.response.status_code", r.Status), attribute.String("bennu.request_id", r.RequestID))
		},
		Mount: func(m telemetry.Mount) {
			t.view(m.View, "mount", m.Start, m.Duration, m.Err, attribute.Bool("bennu.connected", m.Connected))
		},
		Join: func(j telemetry.Join) {
			t.view(j.View, "join", j.Start, j.Duration, j.Err, attribute.Int("bennu.bytes", j.Bytes))
		},
		Params: func(p telemetry.Params) { t.view(p.View, "params", p.Start, p.Duration, p.Err) },
		Event: func(e telemetry.Event) {
			title := "event"
			if e.Known {
				title += " " + e.Name
			}
			t.view(e.View, title, e.Start, e.Duration, e.Err, attribute.String("bennu.component", e.Component), attribute.Bool("bennu.form", e.Form))
		},
		Message: func(m telemetry.Message) { t.view(m.View, m.Type, m.Start, m.Duration, m.Err) },
		Component: func(c telemetry.Component) {
			t.view(c.View, c.What+" "+c.Type, c.Start, c.Duration, c.Err, attribute.String("bennu.component", c.Type), attribute.String("bennu.component_id", c.ID))
		},
		Task:  func(k telemetry.Task) { t.view(k.View, "task "+k.Name, k.Start, k.Duration, k.Err) },
		Crash: func(c telemetry.Crash) { t.view(c.View, "crash", time.Now(), 0, c.Err) },
	}
	if o.Renders {
		all.Render = func(r telemetry.Render) {
			t.view(r.View, "render", r.Start, r.Duration, r.Err, attribute.String("bennu.cause", r.Cause), attribute.Int("bennu.bytes", r.Bytes))
		}
	}
	return all
}

// tracer makes spans of what is over.
type tracer struct{ trace.Tracer }

// view is a span about a view.
func (t *tracer) view(v telemetry.View, what string, start time.Time, took time.Duration, err error, more ...attribute.KeyValue) {
	kind := trace.SpanKindInternal
	t.span(v.Trace, v.Name+" "+what, kind, start, took, err, append(more,
		attribute.String("bennu.view", v.Name), attribute.String("http.route", v.Route), attribute.String("bennu.view_id", v.ID),
		attribute.String("network.transport", v.Transport), attribute.String("bennu.request_id", v.RequestID))...)
}

func (t *tracer) span(parent, title string, kind trace.SpanKind, start time.Time, took time.Duration, err error, attrs ...attribute.KeyValue) {
	_, span := t.Start(within(parent), title, trace.WithTimestamp(start), trace.WithSpanKind(kind), trace.WithAttributes(attrs...))
	if err != nil {
		span.RecordError(err, trace.WithTimestamp(start.Add(took)))
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(start.Add(took)))
}

// within is the trace that a traceparent names.
func within(parent string) context.Context {
	ctx := context.Background()
	if parent == "" {
		return ctx
	}
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
}

// statusError is the error of a request whose answer was one.
type statusError int

func (s statusError) Error() string {
	return "the answer was " + strconv.Itoa(int(s)) + " " + http.StatusText(int(s))
}
