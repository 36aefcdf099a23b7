package doctor

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// leastNode is the oldest Node.js on which Tailwind's command runs.
const leastNode = 20

const getNode = "get Node.js 20 or newer at https://nodejs.org, or by `apt install nodejs npm` or `brew install node`"

func (d doctor) node() Finding {
	const name = "node"
	version, err := d.Run(d.ctx, d.app.Dir, "node", "--version")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return wrong(name, "there is no node command, which builds the styles", getNode)
	case err != nil:
		return wrong(name, err.Error(), getNode)
	}
	version = strings.TrimPrefix(version, "v")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < leastNode {
		return wrong(name, fmt.Sprintf("%s, want %d or newer", version, leastNode), getNode)
	}
	return well(name, version)
}

func (d doctor) npm() Finding {
	const name = "npm"
	version, err := d.Run(d.ctx, d.app.Dir, "npm", "--version")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return wrong(name, "there is no npm command, which installs the packages of pages", getNode)
	case err != nil:
		return wrong(name, err.Error(), getNode)
	}
	return well(name, version)
}

func (d doctor) lock() Finding {
	const name = "lock"
	n, err := d.app.Assets.CheckLock()
	if err != nil {
		return wrong(name, err.Error(), "in "+d.app.Relative(d.app.Assets.Dir)+": npm install --ignore-scripts, and commit package-lock.json")
	}
	return well(name, fmt.Sprintf("%d packages, those of all systems among them", n))
}

func (d doctor) packages() Finding {
	const name = "packages"
	installed, err := d.app.Assets.Installed()
	switch {
	case err != nil:
		return wrong(name, err.Error(), "bennu setup")
	case !installed:
		return wrong(name, "node_modules is not what package-lock.json names", "bennu setup")
	}
	return well(name, "installed as the lock says")
}
