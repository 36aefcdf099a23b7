package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"bennu/cmd/bennu/internal/app"
	"bennu/cmd/bennu/internal/paths"
	"bennu/cmd/bennu/internal/problem"
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

// framework looks where the app's go.mod says that the framework is, and
// whether both have the same templ. Without the framework no modules are found,
// which are not looked for then.
func (d doctor) framework() []Finding {
	const name = "framework"
	f, err := d.app.Framework(d.ctx, d.Run)
	switch {
	case err != nil:
		return []Finding{wrong(name, err.Error(), "mend go.mod")}
	case f.Wrong != nil:
		return []Finding{wrong(name, f.Wrong.Text, f.Wrong.Fix)}
	case f.Newer != nil:
		return []Finding{well(name, f.Dir), wrong("templ", f.Newer.Text, f.Newer.Fix), d.modules()}
	}
	return []Finding{well(name, f.Dir), well("templ", cmp.Or(f.Templ, "replaced in go.mod")), d.modules()}
}

func (d doctor) modules() Finding {
	const name = "modules"
	if _, err := d.Run(d.ctx, d.app.Root, "go", "list", "-deps", "-test", "-f", "", "./..."); err != nil {
		if a := app.Apart(err.Error()); a != nil {
			return wrong(name, a.Text, a.Fix)
		}
		return wrong(name, err.Error(), "bennu setup")
	}
	return well(name, "all there")
}

func (d doctor) templates() Finding {
	const name = "templates"
	plan, err := paths.Make(d.ctx, d.app.Dir)
	switch {
	case err != nil:
		return wrong(name, err.Error(), "make the files readable")
	case len(plan.Problems) > 0:
		return wrong(name, problem.Format(problem.Relative(d.app.Dir, plan.Problems)[0]), "mend that line")
	case len(plan.Files) > 0:
		return wrong(name, d.app.Relative(plan.Files[0].Path)+" "+plan.Files[0].State(), "bennu generate")
	}
	r, err := templgen.Check(d.ctx, d.app.Dir)
	switch {
	case err != nil:
		return wrong(name, err.Error(), "make the files readable")
	case r.Failed():
		first := slices.IndexFunc(r.Diagnostics, func(d templgen.Diagnostic) bool { return !d.Warning })
		return wrong(name, fmt.Sprint(r.Diagnostics[first]), "mend that line")
	case len(r.Written) > 0:
		return wrong(name, "the Go of "+strings.Join(r.Written, ", ")+" is not current", "bennu generate")
	}
	return well(name, "current")
}
