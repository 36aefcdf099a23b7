package pubsub

import (
	"testing"

	"bennu/internal/leaktest"
)

// TestMain fails the run when a goroutine that this package started is left.
func TestMain(m *testing.M) { leaktest.Main(m, "bennu/pubsub") }
