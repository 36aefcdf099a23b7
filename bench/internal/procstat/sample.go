package procstat

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of CPU time in /proc: USER_HZ, which is 100 on every
// architecture that Go runs on.
const tick = 10 * time.Millisecond

// A Sample is one look at a process.
type Sample struct {
	At     time.Time
	CPU    time.Duration // used so far, in steps of 10 ms
	RSSKiB int64         // resident memory, without that of sockets in the kernel
	Files  int           // open ones
}

// Of samples a process; what cannot be read is 0.
func Of(pid int) Sample {
	s := Sample{At: time.Now(), CPU: CPU(pid)}
	if pid == 0 {
		return s
	}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)); err == nil {
		s.RSSKiB = parseRSS(b)
	}
	if files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err == nil {
		s.Files = len(files)
	}
	return s
}

// CPU is the CPU time that a process has used, all its threads together.
func CPU(pid int) time.Duration {
	if pid == 0 {
		return 0
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	return parseStat(b)
}

// Busy is the CPU time that all of the machine has used, on all its CPUs.
func Busy() time.Duration {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	return parseBusy(b)
}

// parseRSS finds the line "Rss:  1234 kB" of smaps_rollup, which is exact where
// the numbers of /proc/PID/status lag behind.
func parseRSS(b []byte) int64 {
	for line := range bytes.Lines(b) {
		f := bytes.Fields(line)
		if len(f) >= 2 && string(f[0]) == "Rss:" {
			return number(f[1])
		}
	}
	return 0
}

// parseStat adds up utime and stime, fields 14 and 15 of /proc/PID/stat. The
// second field is the program's name in parentheses, which may hold anything.
func parseStat(b []byte) time.Duration {
	i := bytes.LastIndexByte(b, ')')
	if i < 0 {
		return 0
	}
	f := bytes.Fields(b[i+1:])
	if len(f) < 13 {
		return 0
	}
	return time.Duration(number(f[11])+number(f[12])) * tick
}

// parseBusy adds up the first line of /proc/stat without idle, iowait and the
// guest times, which are part of the user's.
func parseBusy(b []byte) time.Duration {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	var busy int64
	for i, f := range bytes.Fields(line) {
		switch {
		case i == 0, i == 4, i == 5, i > 8:
		default:
			busy += number(f)
		}
	}
	return time.Duration(busy) * tick
}

// number reads a decimal, 0 for what is none.
func number(b []byte) int64 {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
