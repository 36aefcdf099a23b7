package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// cpus says on which CPUs the servers and the load run.
type cpus struct {
	taskset      string // the program that pins; empty: there is none, or one CPU alone
	server, load int
}

// findCPUs takes the first two CPUs that this process may use.
func findCPUs() cpus {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return cpus{}
	}
	allowed := parseAllowed(status)
	path, err := exec.LookPath("taskset")
	if err != nil || len(allowed) < 2 {
		return cpus{}
	}
	return cpus{taskset: path, server: allowed[0], load: allowed[1]}
}

// parseAllowed reads the line "Cpus_allowed_list: 0-2,5" of /proc/PID/status.
func parseAllowed(status []byte) []int {
	var all []int
	for line := range bytes.Lines(status) {
		list, ok := strings.CutPrefix(string(line), "Cpus_allowed_list:")
		if !ok {
			continue
		}
		for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
			first, last, isRange := strings.Cut(part, "-")
			from, err := strconv.Atoi(first)
			if err != nil {
				return nil
			}
			to := from
			if isRange {
				if to, err = strconv.Atoi(last); err != nil {
					return nil
				}
			}
			for cpu := from; cpu <= to; cpu++ {
				all = append(all, cpu)
			}
		}
	}
	return all
}

// pin is the command line that runs a program on one CPU.
func (c cpus) pin(cpu int, argv ...string) []string {
	if c.taskset == "" {
		return argv
	}
	return append([]string{c.taskset, "-c", strconv.Itoa(cpu)}, argv...)
}

// String says where things ran, for the head of the report.
func (c cpus) String() string {
	where := "servers and load share the CPUs: times include waiting for each other's caches, read them as rough"
	if c.taskset != "" {
		where = fmt.Sprintf("servers on CPU %d, load on CPU %d", c.server, c.load)
	}
	return fmt.Sprintf("%s/%s, %d CPUs, %s; %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), where)
}
