package bennu

import (
	"context"
	"fmt"
	"strings"

	"bennu/pubsub"
	"bennu/supervisor"
)

// PubSub is the hub of [Options.PubSub], or the App's own: what views and workers
// make their topics with.
//
//	prices := pubsub.NewTopic[Price](app.PubSub(), "prices")
func (a *App) PubSub() *pubsub.Hub { return a.opts.PubSub }

// fingerprint is what servers must have in common to hear each other: the secret
// that signs their tokens. The hub sends a hash of it only.
func (o Options) fingerprint() string { return "bennu 1\x00" + o.SecretKeyBase }

// clusterPart joins the hub to those of the other servers before the workers
// start, and takes leave when the last of them has ended.
func (a *App) clusterPart() supervisor.Child {
	hub := a.opts.PubSub
	return supervisor.Child{
		Name: "cluster",
		Start: func(ctx context.Context) error {
			return hub.Join(ctx, a.opts.Carrier, pubsub.Cluster{Fingerprint: a.opts.fingerprint()})
		},
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			return hub.Leave()
		},
		Detail: func() string { return standing(hub.Health()) },
	}
}

// standing is how a hub stands among the others, in a line of the tree.
func standing(h pubsub.Health) string {
	if h.Node == "" {
		return "not joined"
	}
	var names []string
	for _, n := range h.Nodes {
		name := n.Name
		if n.Silent {
			name += " (silent)"
		}
		names = append(names, name)
	}
	text := fmt.Sprintf("node %s, alone", h.Node)
	if len(names) > 0 {
		text = fmt.Sprintf("node %s with %s", h.Node, strings.Join(names, ", "))
	}
	if h.Err != nil {
		text += ": " + h.Err.Error()
	}
	return text
}

// clusterCheck is what /readyz says of the other servers: a server that cannot
// reach them serves on.
func (a *App) clusterCheck() HealthCheck {
	return HealthCheck{
		Name: "cluster", Degrades: true, state: &checkState{passed: true},
		Check: func(context.Context) error { return a.opts.PubSub.Health().Err },
	}
}
