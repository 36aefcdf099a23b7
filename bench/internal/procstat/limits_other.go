//go:build !unix

package procstat

import "time"

// Files is not known here.
func Files() int { return 1 << 16 }

// Self is not known here.
func Self() time.Duration { return 0 }
