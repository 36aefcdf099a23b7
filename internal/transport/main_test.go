package transport

import (
	"testing"

	"bennu/internal/leaktest"
)

// TestMain fails the run when a goroutine of this package is left: every test
// closes its connections, and nothing may outlive them.
func TestMain(m *testing.M) { leaktest.Main(m, "bennu/internal/transport") }
