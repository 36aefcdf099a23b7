package scaffold

import (
	"fmt"
	"go/doc"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// names are what an app is called in its files.
type names struct {
	Name    string // of the directory and the program: my-shop
	Module  string // example.com/my-shop
	Package string // of the root package: myshop
	Title   string // for people: My shop
}

// Import is the line by which Go files import the root package.
func (n names) Import() string {
	if path.Base(n.Module) == n.Package {
		return fmt.Sprintf("%q", n.Module)
	}
	return fmt.Sprintf("%s %q", n.Package, n.Module)
}

var (
	goodName    = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	goodElement = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)
	version     = regexp.MustCompile(`^v[0-9]+$`)
	separators  = regexp.MustCompile(`[^a-z0-9]+`)
)

// chooseNames derives all names from the module path, or, when it is empty, from
// the name of the directory. The error says what is wrong and what would do.
func chooseNames(dir, module string) (names, error) {
	n := names{Name: dir, Module: module}
	given, other := fmt.Sprintf("the directory's name %q", dir), "choose another directory, or name the module with --module"
	if module != "" {
		if err := checkModule(module); err != nil {
			return names{}, err
		}
		n.Name = lastElement(module)
		given, other = fmt.Sprintf("--module %s: its last part %q", module, n.Name), "choose another one"
	} else {
		n.Module = dir
	}
	n.Package = strings.NewReplacer("-", "", "_", "").Replace(n.Name)
	if !goodName.MatchString(n.Name) {
		if s := suggestion(n.Name); s != "" {
			other = fmt.Sprintf("%q would do", s)
		}
		return names{}, fmt.Errorf("%s cannot be the app's name: expected small letters, digits, '-' and '_', "+
			"beginning with a letter; %s", given, other)
	}
	if why := taken(n); why != "" {
		return names{}, fmt.Errorf("%s cannot be the app's name: %s; %s", given, why, other)
	}
	words := strings.TrimRight(separators.ReplaceAllString(n.Name, " "), " ")
	n.Title = strings.ToUpper(words[:1]) + words[1:]
	return n, nil
}

// checkModule reports what is wrong with a module path as a whole.
func checkModule(module string) error {
	for element := range strings.SplitSeq(module, "/") {
		if !goodElement.MatchString(element) || strings.HasSuffix(element, ".") {
			return fmt.Errorf("--module %q is no module path: %q in it is no name; "+
				"expected letters, digits and '-', '_', '.', '~' between slashes, as in example.com/shop", module, element)
		}
	}
	return nil
}

// lastElement is the part of a module path that names the module: shop in
// example.com/shop/v2.
func lastElement(module string) string {
	if dir, last := path.Split(module); version.MatchString(last) && dir != "" {
		return path.Base(dir)
	}
	return path.Base(module)
}

// suggestion is a name like the given one that would do, "" for none.
func suggestion(name string) string {
	s := strings.Trim(separators.ReplaceAllString(strings.ToLower(name), "-"), "-")
	s = strings.TrimLeft(s, "0123456789-")
	if s == "" || !goodName.MatchString(s) || taken(names{Name: s, Module: s, Package: s}) != "" {
		return ""
	}
	return s
}

// standard are the names with which import paths of the standard library begin.
// A module of such a name would stand in its way, or be looked for in it.
var standard = strings.Fields("archive arena bufio builtin bytes cmd cmp compress container context crypto database debug " +
	"embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path " +
	"plugin reflect regexp runtime simd slices sort std strconv strings structs sync syscall testing text time unicode " +
	"unique unsafe uuid vendor weak")

// own are what the files of every app call things, and directories that mean
// something to the go command. A package of such a name could not be imported.
var own = strings.Fields("ada app assets bob clicks counter ctx err file got livetest live main open opts p page paths run s " +
	"signal slog static step stop t templ test testdata ui v view web")

// taken says why a name of the right shape cannot be used, "" when it can.
func taken(n names) string {
	first, _, _ := strings.Cut(n.Module, "/")
	switch {
	case first == "bennu" || n.Package == "bennu":
		return "it is the framework's own"
	case token.IsKeyword(n.Package):
		return fmt.Sprintf("%q is a word of the language Go", n.Package)
	case doc.IsPredeclared(n.Package):
		return fmt.Sprintf("%q means something in every Go file", n.Package)
	case slices.Contains(standard, first):
		return fmt.Sprintf("%q belongs to Go's standard library", first)
	case slices.Contains(standard, n.Package):
		return fmt.Sprintf("%q is a package of Go's standard library", n.Package)
	case slices.Contains(own, n.Package):
		return fmt.Sprintf("%q is what a part of every app is called", n.Package)
	}
	return ""
}
