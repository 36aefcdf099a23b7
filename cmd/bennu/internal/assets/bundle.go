package assets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/problem"

	"github.com/evanw/esbuild/pkg/api"
)

// output is what one build step made: files by their names in the output
// directory.
type output struct {
	files    map[string][]byte
	warnings []problem.Problem
}

// entries are what esbuild builds: the script, and the style sheet when it is
// not Tailwind's.
func (p Project) entries(tailwind bool) []string {
	var names []string
	if s := p.script(); s != "" {
		names = append(names, s)
	}
	if s := p.style(); s != "" && !tailwind {
		names = append(names, s)
	}
	return names
}

// options are esbuild's for both kinds of build. The format is the one that
// runs the same in a classic script and in a module.
func (p Project) options(entries []string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir: p.Dir,
		EntryPoints:   entries,
		Outdir:        p.Dist(),
		NodePaths:     []string{p.path("node_modules")},
		Bundle:        true,
		Write:         false,
		Format:        api.FormatIIFE,
		Target:        api.ES2022,
		Sourcemap:     api.SourceMapLinked,
		LogLevel:      api.LogLevelSilent,
		AssetNames:    "[name]-[hash]",
		Loader: map[string]api.Loader{
			".woff": api.LoaderFile, ".woff2": api.LoaderFile, ".ttf": api.LoaderFile,
			".png": api.LoaderFile, ".jpg": api.LoaderFile, ".jpeg": api.LoaderFile,
			".gif": api.LoaderFile, ".webp": api.LoaderFile, ".avif": api.LoaderFile, ".svg": api.LoaderFile,
		},
		Plugins: []api.Plugin{servedURLs},
	}
}

// servedURLs leaves url(/images/a.png) as it is: an address with a leading
// slash names what the server has, not a file to bundle.
var servedURLs = api.Plugin{
	Name: "served-urls",
	Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^/`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind != api.ResolveCSSURLToken {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: a.Path, External: true}, nil
		})
	},
}

// bundle builds the entries for production.
func (p Project) bundle(entries []string) (output, error) {
	if len(entries) == 0 {
		return output{}, nil
	}
	o := p.options(entries)
	o.EntryNames = "[name]-[hash]"
	o.Sourcemap = api.SourceMapNone // it holds the sources, and dist/ is served to everybody
	o.MinifyWhitespace, o.MinifyIdentifiers, o.MinifySyntax = true, true, true
	o.Define = map[string]string{"process.env.NODE_ENV": `"production"`}
	return p.collect(api.Build(o))
}

// collect turns esbuild's result into ours, its errors into a
// [problem.Failure].
func (p Project) collect(r api.BuildResult) (output, error) {
	if len(r.Errors) > 0 {
		return output{}, &problem.Failure{Problems: p.problems(r.Errors)}
	}
	out := output{files: make(map[string][]byte), warnings: p.problems(r.Warnings)}
	for _, f := range r.OutputFiles {
		name, err := filepath.Rel(p.Dist(), f.Path)
		if err != nil {
			return output{}, fmt.Errorf("assets: output of esbuild: %w", err)
		}
		out.files[filepath.ToSlash(name)] = f.Contents
	}
	return out, nil
}

func (p Project) problems(messages []api.Message) []problem.Problem {
	var found []problem.Problem
	for _, m := range messages {
		found = append(found, p.problem(m))
	}
	return found
}

func (p Project) problem(m api.Message) problem.Problem {
	text := []string{m.Text}
	for _, note := range m.Notes {
		text = append(text, note.Text)
	}
	if strings.HasPrefix(m.Text, "Could not resolve") && !isDir(p.path("node_modules")) {
		text = append(text, "There is no node_modules here: run `bennu assets setup "+p.Dir+"`.")
	}
	found := problem.Problem{Tool: "esbuild", Message: strings.Join(text, "\n")}
	if l := m.Location; l != nil {
		found.File = l.File
		if !filepath.IsAbs(found.File) {
			found.File = p.path(filepath.FromSlash(l.File))
		}
		found.Line, found.Col, found.Source = l.Line, l.Column+1, l.LineText
	}
	return found
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
