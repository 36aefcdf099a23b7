//go:build !unix

package dev

import (
	"errors"
	"net"
	"os"
)

func inheritable(*net.TCPListener) (*os.File, error) {
	return nil, errors.New("bennu dev hands an open socket from one build to the next, which this system cannot; use Linux, macOS or WSL")
}
