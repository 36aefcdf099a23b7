package paths

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// embedPatterns are what the go:embed lines of a comment name.
func embedPatterns(doc *ast.CommentGroup) []string {
	if doc == nil {
		return nil
	}
	var patterns []string
	for _, c := range doc.List {
		rest, ok := strings.CutPrefix(c.Text, "//go:embed ")
		if !ok {
			continue
		}
		for _, word := range strings.Fields(rest) {
			if text, err := strconv.Unquote(word); err == nil {
				word = text
			}
			patterns = append(patterns, word)
		}
	}
	return patterns
}

// files are the files that the variable embeds and that a server may show: none
// whose name, or a directory's, begins with a dot. Their names are sorted.
func (v *variable) files() ([]string, error) {
	var names []string
	add := func(name string) {
		if !hidden(name) {
			names = append(names, name)
		}
	}
	for _, pattern := range v.embeds {
		pattern, all := strings.CutPrefix(pattern, "all:")
		matches, err := fs.Glob(os.DirFS(v.dir), pattern)
		if err != nil {
			return nil, err
		}
		for _, match := range matches {
			err := filepath.WalkDir(filepath.Join(v.dir, filepath.FromSlash(match)), func(file string, d fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				rel, err := filepath.Rel(v.dir, file)
				if err != nil {
					return err
				}
				name := filepath.ToSlash(rel)
				base := d.Name()
				left := name != match && !all && (base[0] == '.' || base[0] == '_')
				switch {
				case left && d.IsDir():
					return filepath.SkipDir
				case !left && d.Type().IsRegular():
					add(name)
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func hidden(name string) bool {
	for part := range strings.SplitSeq(path.Clean(name), "/") {
		if strings.HasPrefix(part, ".") {
			return true
		}
	}
	return false
}
