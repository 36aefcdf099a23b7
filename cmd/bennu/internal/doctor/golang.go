package doctor

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"bennu/internal/templgen"
)

// goCommand asks in the app's directory, where go itself refuses when go.mod
// wants a newer one.
func (d doctor) goCommand() Finding {
	const name = "go"
	version, err := d.Run(d.ctx, d.app.Root, "go", "env", "GOVERSION")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return wrong(name, "there is no go command", "get Go at https://go.dev/dl and put its bin directory on the PATH")
	case err != nil:
		return wrong(name, err.Error(), "get the Go that go.mod names, or a newer one, at https://go.dev/dl")
	}
	return well(name, strings.TrimPrefix(version, "go"))
}

// framework looks where the app's go.mod says that the framework is.
func (d doctor) framework() Finding {
	const name = "framework"
	dir, err := d.Run(d.ctx, d.app.Root, "go", "list", "-m", "-f", "{{.Dir}}", "bennu")
	if err != nil {
		return wrong(name, err.Error(), "name it in go.mod: `require bennu v0.0.0` and `replace bennu => DIR`")
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil || dir == "" {
		return wrong(name, fmt.Sprintf("go.mod replaces bennu by %q, where it is not", dir),
			"write the directory of the framework into go.mod: go mod edit -replace bennu=DIR")
	}
	return well(name, dir)
}

func (d doctor) modules() Finding {
	const name = "modules"
	if _, err := d.Run(d.ctx, d.app.Root, "go", "list", "-deps", "-test", "-f", "", "./..."); err != nil {
		return wrong(name, err.Error(), "bennu setup")
	}
	return well(name, "all there")
}

func (d doctor) templates() Finding {
	const name = "templates"
	r, err := templgen.Check(d.app.Dir)
	switch {
	case err != nil:
		return wrong(name, err.Error(), "make the files readable")
	case r.Failed():
		return wrong(name, fmt.Sprint(r.Diagnostics[0]), "mend that line")
	case len(r.Written) > 0:
		return wrong(name, "the Go of "+strings.Join(r.Written, ", ")+" is not current", "bennu generate")
	}
	return well(name, "current")
}
