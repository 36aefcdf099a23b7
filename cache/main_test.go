package cache

import (
	"testing"

	"bennu/internal/leaktest"
)

// TestMain fails the run when a goroutine with code of this module is left.
func TestMain(m *testing.M) { leaktest.Main(m, "bennu.", "bennu/") }
