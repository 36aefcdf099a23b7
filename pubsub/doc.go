// Package pubsub carries messages from whoever publishes on a topic to whoever
// has subscribed to it, in one process or on all nodes of a cluster:
//
//	hub := pubsub.New()
//	prices := pubsub.NewTopic[Price](hub, "prices")
//
//	sub, err := prices.Subscribe(func(p Price) { fmt.Println(p) })
//	…
//	defer sub.Cancel()
//	err = prices.Broadcast(Price{"tea", 300})
//
// A topic has a name and the type of its messages. Views subscribe by
// live.Subscribe, which ends with the view.
//
// # What is promised
//
// Broadcast never waits for a subscriber. Messages of one publisher on one
// topic reach each subscriber in order and at most once; who subscribes later
// has missed what came before. Subscribers of this node get the very value that
// was published, all of them the same, so that nobody may change it.
//
// Each subscriber has a mailbox and a goroutine while something is in it, so
// that a slow one holds up nobody. When its mailbox is full the oldest messages
// give way, and the subscriber is told how many it has missed; or it is ended.
// [Subscriber] says which, and can keep only the newest message of each key.
// Nothing is lost without being counted ([Hub.Stats]).
//
// # Names
//
// A name has up to [MaxName] bytes of printable UTF-8 ([CheckName]). Where a
// part of it comes from a user, put something of your own before it, "room:"
// say, so that nobody reaches a topic of another kind, and ask whether this user
// may listen there: whoever chooses the name chooses whom to hear. A name that
// is no good is an error with the HTTP status 400.
//
// # More than one node
//
// [Hub.Join] joins the hub to those of other nodes by a [Carrier], which takes
// bytes from node to node: NATS, say, or pubsubtest.Network in tests. Broadcast
// then reaches all nodes, [Topic.BroadcastLocal] this one and [Topic.SendTo] one
// other. Messages go over as JSON, so that what is to arrive is in exported
// fields; what another version of the program cannot decode is counted and
// dropped. A type may have a version ([Versioned]).
//
// Between nodes a message arrives at most once, and in the order in which its
// node has sent it. What is lost on the way is noticed, by the numbers of the
// messages or by the next beat: it is counted, [Cluster.Gap] is called, and so is
// [Subscriber.Missed] of all subscribers, who then load anew what they show.
// While the carrier is away local messages go on, [Hub.Health] says so, and all
// subscribers are told when it is back.
//
// Whoever can write to the carrier can write to all topics: keep it to the nodes
// of the program.
package pubsub
