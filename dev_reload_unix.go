//go:build unix

package bennu

import (
	"os"
	"strconv"
	"syscall"

	"bennu/internal/devreload"
)

// takeDevPipes opens the descriptors named in the environment and removes the
// names, because a descriptor has one owner and programs started by the app
// are not meant. It is nil when they are not there.
func takeDevPipes() *devPipes {
	listen, listenErr := strconv.Atoi(os.Getenv(devreload.EnvListen))
	control, controlErr := strconv.Atoi(os.Getenv(devreload.EnvControl))
	if listenErr != nil || controlErr != nil {
		return nil
	}
	for _, name := range []string{devreload.EnvListen, devreload.EnvControl} {
		if os.Unsetenv(name) != nil {
			return nil
		}
	}
	return &devPipes{
		listen:  inherited(listen, "listen"),
		control: inherited(control, "control"),
		answer:  inherited(control+1, "answer"),
	}
}

// inherited is a descriptor that a read can be interrupted on by closing it,
// for which it has to be non-blocking, and that goes no further.
func inherited(fd int, name string) *os.File {
	syscall.CloseOnExec(fd)
	// A descriptor that is not there shows itself at its first use.
	_ = syscall.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), "bennu dev: "+name)
}
