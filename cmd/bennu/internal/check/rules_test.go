package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bennu/form"
)

// payload and embedded are decoded by package form and, as the text below them,
// read by this package: both have to agree on which keys fill a field.
type embedded struct {
	UserID int
	Shown  string `form:"-"`
}

type named struct{ Deep int }

type payload struct {
	embedded
	named  `form:"named"`
	ID     int
	Row    string `form:"row_nr"`
	Plain  string `form:",required"`
	hidden string
	Off    string `form:"-"`
	Target string `form:"_target"`
	Two_3  int
}

const payloadSource = `package p

type embedded struct {
	UserID int
	Shown  string ` + "`form:\"-\"`" + `
}

type named struct{ Deep int }

type payload struct {
	embedded
	named  ` + "`form:\"named\"`" + `
	ID     int
	Row    string ` + "`form:\"row_nr\"`" + `
	Plain  string ` + "`form:\",required\"`" + `
	hidden string
	Off    string ` + "`form:\"-\"`" + `
	Target string ` + "`form:\"_target\"`" + `
	Two_3  int
}
`

func TestFieldsAreThoseOfPackageForm(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", payloadSource, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	fields, ok := fieldsOf(pkg.Scope().Lookup("payload").Type())
	if !ok {
		t.Fatal("fieldsOf a struct says that it takes any key")
	}
	for _, key := range []string{
		"id", "ID", "i-d", "i_d", "_id", "user_id", "user-id", "userid", "userId", "row", "row_nr", "row-nr", "rownr", "ROW_NR",
		"plain", "hidden", "off", "-", "shown", "named", "deep", "embedded", "_target", "target", "two3", "two_3", "two-3", "none", "",
	} {
		var in payload
		err := form.DecodeJSON([]byte(`{"`+key+`":"7","plain":"7"}`), &in)
		without := payload{Plain: "7"}
		filled := err != nil || !reflect.DeepEqual(in, without) || fold(key) == "plain" && key[0] != '_'
		if in.hidden != "" {
			t.Error("an unexported field was filled")
		}
		if known := slices.ContainsFunc(fields, func(f field) bool { return f.takes(key) }); known != filled {
			t.Errorf("key %q: the check says %v, package form %v (%+v, %v)", key, known, filled, in, err)
		}
	}
	required := slices.IndexFunc(fields, func(f field) bool { return f.required })
	if required < 0 || fields[required].name != "plain" {
		t.Errorf("required is field %d of %+v, want plain", required, fields)
	}
}

// The table of attributes is what the npm client asks for by binding(…).
func TestBindingsAreThoseOfTheClient(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(repository, "examples/showcase/web/assets/node_modules/phoenix_live_view/assets/js/phoenix_live_view")
	files, err := filepath.Glob(filepath.Join(dir, "*.[tj]s"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the npm packages of examples/showcase are not installed (make setup)")
	}
	constants, found := map[string]string{}, map[string]bool{}
	var source strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	for _, m := range regexp.MustCompile(`const (PHX_\w+) = "([^"]*)"`).FindAllStringSubmatch(source.String(), -1) {
		constants[m[1]] = m[2]
	}
	for _, m := range regexp.MustCompile(`\bbinding\((?:"([^"]+)"|(PHX_\w+))\)`).FindAllStringSubmatch(source.String(), -1) {
		name := m[1]
		if name == "" {
			name = constants[m[2]]
		}
		found[name] = true
	}
	if !strings.Contains(source.String(), "binding(`window-${event}`)") || !strings.Contains(source.String(), "focus: \"focusin\"") {
		t.Error("the events of keys and focus are bound in another way than this test knows")
	}
	for _, event := range []string{"keyup", "keydown", "blur", "focus"} {
		found[event], found["window-"+event] = true, true
	}
	delete(found, "value-")
	got, want := slices.Sorted(maps.Keys(bindings)), slices.Sorted(maps.Keys(found))
	if !slices.Equal(got, want) {
		t.Errorf("the table has\n%v\nthe client reads\n%v", got, want)
	}
}

// The examples and the pages of the browser tests are right; scripts/lint.sh asks
// of the benchmarks, too.
func TestNothingIsFoundInOurOwnPages(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"examples", "e2e/views"} {
		found, err := Run(t.Context(), filepath.Join(repository, dir), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.Check != checkGenerated { // held by bennu generate --check
				t.Errorf("%s:%d:%d: %s [%s]", f.File, f.Line, f.Col, f.Message, f.Check)
			}
		}
	}
}

// Every check has its section in the docs.
func TestTheDocsHaveEveryCheck(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(repository, "docs/check.md"))
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, m := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(string(text), -1) {
		sections = append(sections, m[1])
	}
	slices.Sort(sections)
	if !slices.Equal(sections, Names) {
		t.Errorf("docs/check.md has sections %v, the checks are %v", sections, Names)
	}
}
