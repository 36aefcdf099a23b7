package bennu

import (
	"testing"

	"bennu/internal/leaktest"
)

// TestMain fails the run when a goroutine that works for an App is left.
func TestMain(m *testing.M) { leaktest.Main(m, "bennu.", "bennu/") }
