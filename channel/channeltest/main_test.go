package channeltest_test

import (
	"testing"

	"bennu/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m, "bennu/channel", "bennu/pubsub") }
