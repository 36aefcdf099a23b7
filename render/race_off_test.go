//go:build !race

package render

const (
	raceEnabled  = false
	defaultSteps = 1200
)
