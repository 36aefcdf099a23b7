package dev

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// portOwner names the program that listens on the port, "" when the system
// does not tell: programs of other users are closed to us.
func portOwner(port int) string {
	inodes := make(map[string]bool)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for _, inode := range listening(string(text), port) {
			inodes["socket:["+inode+"]"] = true
		}
	}
	if len(inodes) == 0 {
		return ""
	}
	fds, err := filepath.Glob("/proc/[0-9]*/fd/[0-9]*")
	if err != nil {
		return ""
	}
	var owners []string
	for _, fd := range fds {
		if target, err := os.Readlink(fd); err == nil && inodes[target] {
			owners = append(owners, program(strings.Split(fd, "/")[2]))
		}
	}
	return mainOwner(owners)
}

// mainOwner is the program that the others have their socket from: bennu, if it
// is among them, else the first.
func mainOwner(owners []string) string {
	for _, owner := range owners {
		if strings.HasPrefix(owner, "bennu (") {
			return owner
		}
	}
	if len(owners) > 0 {
		return owners[0]
	}
	return ""
}

// listening finds in a table of sockets those that listen on the port:
//
//	sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
//	 0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000   0       0 12345
func listening(table string, port int) (inodes []string) {
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 10 || f[3] != "0A" {
			continue
		}
		_, hex, _ := strings.Cut(f[1], ":")
		if n, err := strconv.ParseUint(hex, 16, 16); err == nil && int(n) == port {
			inodes = append(inodes, f[9])
		}
	}
	return inodes
}

func program(pid string) string {
	name := "a program"
	if text, err := os.ReadFile("/proc/" + pid + "/comm"); err == nil {
		name = string(bytes.TrimSpace(text))
	}
	return fmt.Sprintf("%s (process %s)", name, pid)
}
