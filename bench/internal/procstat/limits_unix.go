//go:build unix

package procstat

import (
	"syscall"
	"time"
)

// Files raises the limit on open files of this process as far as it may and
// returns it. Processes that are started later have the same limit.
func Files() int {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	raised := l
	raised.Cur = l.Max
	if l.Cur < l.Max && syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised) == nil {
		l = raised
	}
	return int(min(l.Cur, 1<<30))
}

// Self is the CPU time that this process has used.
func Self() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
