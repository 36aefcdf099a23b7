// Package prom tells Prometheus what happens in an app: requests, live views,
// events, renders and their bytes, crashes, and gauges of the program's own.
//
//	metrics := prom.New(prom.Options{})
//	opts.Observers = append(opts.Observers, metrics.Observer())
//	…
//	app.Handle("GET /metrics", metrics.Handler())
//
// The names of the metrics begin with bennu_. Labels are names of the program
// (routes, views, events that have a handler) and never what a client sent, so
// that there are few. Of tasks, which a view may name for what it has been asked
// for, the first 200 names have metrics of their own, and the rest are "other".
package prom

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"bennu/telemetry"
)

// Options are those of [New]; the zero Options are good ones.
type Options struct {
	// Registry takes the metrics; nil is a new one, with those of the Go runtime
	// and of the process.
	Registry *prometheus.Registry
	// Buckets are the bounds of durations in seconds; nil are those from 50 µs to
	// 10 s.
	Buckets []float64
}

// Metrics are the metrics of an app. Its methods may be called from any goroutine.
type Metrics struct {
	registry *prometheus.Registry

	requests                                  *prometheus.HistogramVec
	connects                                  *prometheus.CounterVec
	joins, events, messages, renders, mounts  *prometheus.HistogramVec
	tasks                                     *prometheus.HistogramVec
	bytes, crashes, leaves, components, drain *prometheus.CounterVec
	views                                     *prometheus.GaugeVec

	taskNames, messageTypes few
}

var usualBuckets = []float64{50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, .1, .25, .5, 1, 2.5, 10}

// New registers the metrics.
func New(o Options) *Metrics {
	if o.Registry == nil {
		o.Registry = prometheus.NewRegistry()
		o.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	if o.Buckets == nil {
		o.Buckets = usualBuckets
	}
	m := &Metrics{registry: o.Registry}
	seconds := func(name, help string, labels ...string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: o.Buckets}, labels)
		o.Registry.MustRegister(h)
		return h
	}
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		o.Registry.MustRegister(c)
		return c
	}
	m.requests = seconds("bennu_request_seconds", "Requests over HTTP, by their route.", "method", "route", "status")
	m.connects = count("bennu_connects_total", "Sockets that were opened.", "transport")
	m.mounts = seconds("bennu_mount_seconds", "Mounts of views, for pages and for sockets.", "view", "connected", "ok")
	m.joins = seconds("bennu_join_seconds", "Joins of views, from their arrival to the answer.", "view", "ok")
	m.events = seconds("bennu_event_seconds", "Handlers of events.", "view", "event", "component", "ok")
	m.messages = seconds("bennu_message_seconds", "Handlers of messages from inside the program.", "view", "type", "ok")
	m.renders = seconds("bennu_render_seconds", "Renders, with the writing of what changed.", "view", "cause")
	m.tasks = seconds("bennu_task_seconds", "Background work of views.", "view", "task", "ok")
	m.bytes = count("bennu_render_bytes_total", "Bytes that renders have written.", "view", "cause")
	m.crashes = count("bennu_crashes_total", "Views that ended by an error or a panic.", "view")
	m.leaves = count("bennu_leaves_total", "Views that ended.", "view", "reason")
	m.components = count("bennu_components_total", "Live components that were mounted, updated, destroyed.", "type", "what")
	m.drain = count("bennu_drained_sockets_total", "Sockets that were closed because the app stops.")
	m.views = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "bennu_views", Help: "Views that are connected."}, []string{"view"})
	o.Registry.MustRegister(m.views)
	return m
}

// Handler answers scrapes. Whoever may read it is for the route, or the proxy
// before the app, to decide.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Gauge registers a figure of the program's own, which is asked for at each
// scrape, from any goroutine. It panics when the name is taken or no name.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Observer is for the App's Options.Observers.
func (m *Metrics) Observer() telemetry.Observer {
	return telemetry.Observer{
		Request: func(r telemetry.Request) {
			m.requests.WithLabelValues(r.Method, r.Route, strconv.Itoa(r.Status)).Observe(r.Duration.Seconds())
		},
		Connect: func(c telemetry.Connect) { m.connects.WithLabelValues(c.Transport).Inc() },
		Mount: func(t telemetry.Mount) {
			m.mounts.WithLabelValues(t.View.Name, yes(t.Connected), yes(t.Err == nil)).Observe(t.Duration.Seconds())
		},
		Join: func(j telemetry.Join) {
			m.joins.WithLabelValues(j.View.Name, yes(j.Err == nil)).Observe(j.Duration.Seconds())
			if j.Err == nil {
				m.views.WithLabelValues(j.View.Name).Inc()
			}
		},
		Event: func(e telemetry.Event) {
			if !e.Known {
				e.Name = "" // whatever a client sent
			}
			m.events.WithLabelValues(e.View.Name, e.Name, e.Component, yes(e.Err == nil)).Observe(e.Duration.Seconds())
		},
		Message: func(t telemetry.Message) {
			m.messages.WithLabelValues(t.View.Name, m.messageTypes.label(t.Type), yes(t.Err == nil)).Observe(t.Duration.Seconds())
		},
		Render: func(r telemetry.Render) {
			m.renders.WithLabelValues(r.View.Name, r.Cause).Observe(r.Duration.Seconds())
			m.bytes.WithLabelValues(r.View.Name, r.Cause).Add(float64(r.Bytes))
		},
		Component: func(c telemetry.Component) { m.components.WithLabelValues(c.Type, c.What).Inc() },
		Task: func(t telemetry.Task) {
			m.tasks.WithLabelValues(t.View.Name, m.taskNames.label(t.Name), yes(t.Err == nil)).Observe(t.Duration.Seconds())
		},
		Crash: func(c telemetry.Crash) { m.crashes.WithLabelValues(c.View.Name).Inc() },
		Leave: func(l telemetry.Leave) {
			m.leaves.WithLabelValues(l.View.Name, l.Reason).Inc()
			m.views.WithLabelValues(l.View.Name).Dec()
		},
		Drain: func(d telemetry.Drain) { m.drain.WithLabelValues().Add(float64(d.Sockets)) },
	}
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}
