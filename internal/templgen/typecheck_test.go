package templgen

import (
	"errors"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// noImports has no packages: what they declare is unknown and taken as right,
// so that only what generated code does with its own names can be wrong.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }

// ofOurNames is what the type checker says of the generator's mistakes. Wrong
// arguments are the template's.
var ofOurNames = regexp.MustCompile(`^(?:declared and not used|undefined): bennu|^bennu\w+ redeclared|^missing return|^no new variables`)

// ourMistakes returns what Go's type checker says of names that are the
// generator's: variables declared twice or not used, names that are not there.
func ourMistakes(t testing.TB, text []byte) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := goparser.ParseFile(fset, "x_templ.go", text, goparser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("our output is not Go: %v\n%s", err, text)
	}
	var mistakes []string
	config := types.Config{
		Importer: noImports{},
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && ofOurNames.MatchString(e.Msg) {
				mistakes = append(mistakes, fset.Position(e.Pos).String()+": "+e.Msg)
			}
		},
	}
	// Its error is the first that the function above got.
	_, _ = config.Check("p", fset, []*ast.File{file}, nil)
	return mistakes
}

func TestOurNamesAreRight(t *testing.T) {
	t.Parallel()
	for _, name := range features(t) {
		text := translate(t, "x.templ", readFile(t, filepath.Join("testdata", name, "x.templ")))
		for _, m := range ourMistakes(t, text) {
			t.Errorf("%s: %s", name, m)
		}
	}
	wrong := strings.Replace(string(translate(t, "x.templ", page("<p></p>"))), "bennuW.TakeChildren()", "bennuV9 := 1", 1)
	if m := ourMistakes(t, []byte(wrong)); len(m) != 1 || !strings.Contains(m[0], "declared and not used: bennuV9") {
		t.Errorf("a variable that is not used gives %q", m)
	}
}
