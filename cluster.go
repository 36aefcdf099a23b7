package bennu

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"

	"bennu/presence"
	"bennu/pubsub"
	"bennu/supervisor"
)

// PubSub is the hub of [Options.PubSub], or the App's own: what views and workers
// make their topics with.
//
//	prices := pubsub.NewTopic[Price](app.PubSub(), "prices")
func (a *App) PubSub() *pubsub.Hub { return a.opts.PubSub }

// Presence is who is here, on all servers of the app when it has a Carrier:
//
//	room := presence.NewTopic[Member](app.Presence(), "room:lobby")
func (a *App) Presence() *presence.Tracker { return a.presence }

// clusterPart joins the hub to those of the other servers before the workers
// start, and takes leave when the last of them has ended.
func (a *App) clusterPart() supervisor.Child {
	hub := a.opts.PubSub
	return supervisor.Child{
		Name: "cluster", Start: a.joinCluster,
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			if err := hub.Leave(); err != nil {
				a.log.WarnContext(ctx, "the end of the carrier", slog.Any("err", err)) // the App ends all the same
			}
			return nil
		},
		Detail: func() string { return standing(hub.Health()) },
	}
}

// joinCluster joins the hub.
func (a *App) joinCluster(ctx context.Context) error {
	opts, err := a.opts.clusterOf()
	if err != nil {
		return err
	}
	hub := a.opts.PubSub
	if err := hub.Join(ctx, a.opts.Carrier, opts); err != nil {
		return err
	}
	if err := hub.Health().Err; err != nil {
		a.log.WarnContext(ctx, "the other servers are out of reach; this one serves by itself until they are not", slog.String("node", hub.Node()), slog.Any("err", err))
		return nil
	}
	a.log.InfoContext(ctx, "joined the cluster", slog.String("node", hub.Node()))
	return nil
}

// clusterOf is how servers with these options hear each other.
func (o Options) clusterOf() (pubsub.Cluster, error) {
	opts := o.Cluster
	var prints []string
	for _, secret := range append([]string{o.SecretKeyBase}, o.RetiredSecrets...) {
		for _, own := range append([]string{o.Cluster.Fingerprint}, o.Cluster.Accepted...) {
			print, err := fingerprint(secret, own)
			if err != nil {
				return opts, err
			}
			prints = append(prints, print)
		}
	}
	opts.Fingerprint, opts.Accepted = prints[0], prints[1:]
	return opts, nil
}

// fingerprint is what servers with this secret, and this text of their own, have
// in common. It says nothing of the secret. The number is that of what they tell
// each other by topics and pipes of the framework.
func fingerprint(secret, own string) (string, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "bennu cluster 1\x00"+own, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("bennu: the fingerprint of the cluster: %w", err)
	}
	return hex.EncodeToString(key), nil
}

// presencePart joins the tracker to those of the other servers. It says goodbye
// when the last view has ended: until then whoever is here is so for all, and
// comes back elsewhere one by one.
func (a *App) presencePart() supervisor.Child {
	return supervisor.Child{
		Name:  "presence",
		Start: func(context.Context) error { return a.presence.Join(a.opts.PubSub.Pipe("bennu:presence")) },
		Run:   a.presence.CloseOn,
		Detail: func() string {
			s := a.presence.Stats()
			return fmt.Sprintf("%d here, %d in all", s.Own, s.All)
		},
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
