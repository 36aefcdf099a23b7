package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

// sources are the files of an app. Those that end in .tmpl are templates of
// text/template, with [[ ]] in place of the braces that Go and templ use, and
// lose the ending; so does no tool take them for files of this repository.
// NAME and PACKAGE in their paths are those of the app.
//
//go:embed all:files
var sources embed.FS

// render makes the files of an app, by their paths with slashes.
func render(n names) (map[string][]byte, error) {
	tree, err := fs.Sub(sources, "files")
	if err != nil {
		return nil, err
	}
	paths := strings.NewReplacer("NAME", n.Name, "PACKAGE", n.Package)
	files := make(map[string][]byte)
	err = fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		if source, ok := strings.CutSuffix(path, ".tmpl"); ok {
			path = source
			if text, err = expand(path, text, n); err != nil {
				return err
			}
		}
		files[paths.Replace(path)] = text
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("files of the new app: %w", err)
	}
	return files, nil
}

func expand(path string, text []byte, n names) ([]byte, error) {
	t, err := template.New(path).Delims("[[", "]]").Option("missingkey=error").Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, n); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
