package bennu

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Tests wait for what they want and sleep for nothing (TEST-10): a time.Sleep of
// theirs stands in a bubble, where it costs no time, or has its reason beside it.
func TestTEST10TestsDoNotSleep(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "bin" || strings.HasPrefix(d.Name(), ".") && path != "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		seen++
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, line := range sleepsOutsideOfBubbles(files, file) {
			t.Errorf("%s:%d: a time.Sleep outside of a bubble: wait for what it waits for, or write the reason beside it", path, line)
		}
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d files of tests were read, %v", seen, err)
	}
}

// sleepsOutsideOfBubbles are the lines with a time.Sleep and without a comment,
// in a file that knows no bubbles.
func sleepsOutsideOfBubbles(files *token.FileSet, file *ast.File) (lines []int) {
	for _, i := range file.Imports {
		if i.Path.Value == `"testing/synctest"` {
			return nil // helpers of bubbles sleep in them, too
		}
	}
	reasons := make(map[int]bool)
	for _, group := range file.Comments {
		for _, c := range group.List {
			reasons[files.Position(c.Pos()).Line] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || f.Sel.Name != "Sleep" {
			return true
		}
		if of, ok := f.X.(*ast.Ident); ok && of.Name == "time" {
			if line := files.Position(call.Pos()).Line; !reasons[line] {
				lines = append(lines, line)
			}
		}
		return true
	})
	return lines
}
