package pubsub_test

import (
	"testing"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

func TestHubKeepsTheRules(t *testing.T) {
	pubsubtest.Run(t, func(*testing.T) *pubsub.Hub { return pubsub.New() })
}

func TestZeroHubKeepsTheRules(t *testing.T) {
	pubsubtest.Run(t, func(*testing.T) *pubsub.Hub { return new(pubsub.Hub) })
}

func TestNetworkKeepsTheRules(t *testing.T) {
	pubsubtest.TestCarrier(t, func(*testing.T) func(string) pubsub.Carrier { return pubsubtest.NewNetwork().Carrier })
}
