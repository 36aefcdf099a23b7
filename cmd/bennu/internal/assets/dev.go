package assets

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/problem"

	"github.com/evanw/esbuild/pkg/api"
)

// Dev keeps the development files of a project current in a directory of their
// own: names without hashes, not minified, with source maps. It remembers what
// it parsed, so that the next bundle takes a fraction of the first. It is for
// one goroutine at a time.
type Dev struct {
	project Project
	dist    string
	context api.BuildContext // nil when esbuild has nothing to do
}

// Changed says which kinds of files are not as they were.
type Changed struct{ Script, Style, Static bool }

// Dev starts a bundler that writes to the directory dist. Close it.
func (p Project) Dev(dist string) (*Dev, error) {
	tailwind, err := p.UsesTailwind()
	if err != nil {
		return nil, err
	}
	d := &Dev{project: p, dist: dist}
	entries := p.entries(tailwind)
	if len(entries) > 0 {
		o := p.options(entries)
		o.EntryNames = "[name]"
		o.Define = map[string]string{"process.env.NODE_ENV": `"development"`}
		var failed *api.ContextError
		if d.context, failed = api.Context(o); failed != nil {
			return nil, &problem.Failure{Problems: p.problems(failed.Errors)}
		}
	}
	names := map[string]string{}
	if p.script() != "" {
		names["app.js"] = "app.js"
	}
	if p.style() != "" {
		names["app.css"] = "app.css"
	}
	text, err := encodeManifest(names)
	if err == nil {
		_, err = writeChanged(filepath.Join(dist, ManifestName), text)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Bundle builds what esbuild is for and writes what came out different. What
// is wrong in the sources comes as a [problem.Failure].
func (d *Dev) Bundle() (Changed, error) {
	if d.context == nil {
		return Changed{}, nil
	}
	out, err := d.project.collect(d.context.Rebuild())
	if err != nil {
		return Changed{}, err
	}
	return d.write(out.files)
}

// CopyStatic copies the files of static/ that are not as they were. One that
// was removed stays until the directory is cleaned.
func (d *Dev) CopyStatic() (Changed, error) {
	files, err := d.project.static()
	if err != nil {
		return Changed{}, err
	}
	changed, err := d.write(files)
	return Changed{Static: changed.Static || changed.Script || changed.Style}, err
}

func (d *Dev) write(files map[string][]byte) (Changed, error) {
	var changed Changed
	for name, text := range maps.All(files) {
		wrote, err := writeChanged(filepath.Join(d.dist, filepath.FromSlash(name)), text)
		if err != nil {
			return changed, err
		}
		if !wrote || strings.HasSuffix(name, ".map") {
			continue
		}
		switch filepath.Ext(name) {
		case ".css":
			changed.Style = true
		case ".js":
			changed.Script = true
		default:
			changed.Static = true
		}
	}
	return changed, nil
}

// Close ends the bundler.
func (d *Dev) Close() {
	if d.context != nil {
		d.context.Dispose()
	}
}

// writeChanged writes the file unless it has this text already.
func writeChanged(path string, text []byte) (wrote bool, err error) {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, text) {
		return false, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("assets: %w", err)
	}
	return true, writeFile(path, text)
}
