package livetest

import "testing"

// FailureOf is failureOf for the tests from outside.
var FailureOf = failureOf

// Using makes the page tell its failures to t.
func (v *View) Using(t testing.TB) *View {
	v.t = t
	return v
}
