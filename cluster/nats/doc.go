// Package nats joins the nodes of an app by NATS (https://nats.io): by servers
// that run anyway, or by a small one inside each node, so that three copies of
// one binary are a cluster and nothing else has to run.
//
//	carrier, err := nats.New(nats.Options{Node: "web-1", URLs: []string{"nats://broker:4222"}})
//	…
//	carrier, err := nats.Embed(nats.Embedded{Node: "web-1", Listen: "10.0.0.1:6222", Peers: []string{"10.0.0.2:6222"}, Secret: secret})
//	…
//	err = hub.Join(ctx, carrier, pubsub.Cluster{Fingerprint: secret})
//
// [FromEnv] does one or the other as the environment says. What is carried and
// what is promised says package pubsub: a carrier takes bytes, at most once, and
// tells what it has lost as far as it knows. NATS without JetStream is just that.
//
// A node has one connection and one subscription, however many topics and views
// it has. What it has to send waits in a queue of bounded size, so that nobody
// is held up by a broker that hangs.
package nats
