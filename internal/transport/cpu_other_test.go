//go:build !unix

package transport

import "time"

var began = time.Now()

// cpuTime is the clock's, where there is no way to ask for that of the process.
func cpuTime() time.Duration { return time.Since(began) }
