package system

import (
	"cmp"
	"runtime/metrics"
	"slices"
	"sync"
	"time"

	"bennu"
	"bennu/presence"
	"bennu/pubsub"
)

// Reading is what a server says of itself at one time.
type Reading struct {
	At         time.Time
	Goroutines uint64
	Heap       uint64 // bytes of what is in use
	Memory     uint64 // bytes that the system has given
	App        bennu.Stats
	Hub        pubsub.Stats
	Rate       float64 // messages a second that this server has published of late
	People     presence.Stats
	Health     pubsub.Health
	Topics     []pubsub.TopicInfo // those with the most subscribers
	Unlisted   int                // the other topics
}

// listed bounds the topics of a Reading. What they are called users have a say
// in, and there may be a hundred thousand.
const listed = 12

// Gauges reads, for all pages together: a second page costs nothing.
type Gauges struct {
	app   *bennu.App
	fresh time.Duration

	mu   sync.Mutex
	last Reading
}

// NewGauges makes the gauges of an App. A reading is as good as new for that long.
func NewGauges(app *bennu.App, fresh time.Duration) *Gauges { return &Gauges{app: app, fresh: fresh} }

// Read is how things stand.
func (g *Gauges) Read() Reading {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if !g.last.At.IsZero() && now.Sub(g.last.At) < g.fresh {
		return g.last
	}
	hub := g.app.PubSub()
	r := Reading{At: now, App: g.app.Stats(), Hub: hub.Stats(), People: g.app.Presence().Stats(), Health: hub.Health()}
	if passed := now.Sub(g.last.At); passed < time.Minute {
		r.Rate = float64(r.Hub.Published-g.last.Hub.Published) / passed.Seconds()
	}
	topics := hub.Topics()
	slices.SortStableFunc(topics, func(a, b pubsub.TopicInfo) int { return cmp.Compare(b.Subscribers, a.Subscribers) })
	r.Topics, r.Unlisted = slices.Clone(topics[:min(listed, len(topics))]), max(0, len(topics)-listed)

	samples := []metrics.Sample{ // unlike runtime.ReadMemStats these stop nobody
		{Name: "/sched/goroutines:goroutines"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"},
	}
	metrics.Read(samples)
	for i, into := range []*uint64{&r.Goroutines, &r.Heap, &r.Memory} {
		if samples[i].Value.Kind() == metrics.KindUint64 {
			*into = samples[i].Value.Uint64()
		}
	}
	g.last = r
	return r
}
