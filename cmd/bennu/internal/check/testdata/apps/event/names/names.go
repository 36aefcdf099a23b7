// Package names has the names of events.
package names

const (
	Reset  = "reset"
	Prefix = "reset-"
)
