// Package pubsubtest holds hubs and carriers against the rules of package
// pubsub. [Run] is for a hub that is set up in a way of its own, [RunNodes] for
// two that are joined, and [TestCarrier] for whoever writes a carrier:
//
//	func TestCarrierKeepsTheRules(t *testing.T) {
//		pubsubtest.TestCarrier(t, func(t *testing.T, node string) pubsub.Carrier {
//			return nats.NewCarrier(server.URL(), node)
//		})
//	}
//
// A failure names the rule that is broken.
//
// [Network] is a carrier in memory that loses, doubles, mixes up and delays what
// it carries, as told: for tests of what is built on top.
package pubsubtest
