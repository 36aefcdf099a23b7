package paths

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"regexp"
)

const bennuPath = "bennu"

// stub is what stands for package bennu: the methods that register routes. The
// types of other arguments are not looked at.
const stub = `package bennu

type (
	Options    struct{ Prefix string }
	App        struct{ *group }
	group      = Group
	Group      struct{}
	Pipeline   struct{}
	LiveOption func()
)

func New(Options) *App { return nil }

func (*Group) Group(prefix string, p Pipeline, routes func(*Group)) {}
func (*Group) Host(host string, routes func(*Group))               {}
func (*Group) LiveSession(name string, routes func(*Group), opts ...LiveOption) {}
func (*Group) Live(path string, newView any, opts ...LiveOption)    {}
func (*Group) Get(path string, h any)    {}
func (*Group) Post(path string, h any)   {}
func (*Group) Put(path string, h any)    {}
func (*Group) Patch(path string, h any)  {}
func (*Group) Delete(path string, h any) {}
func (*Group) Handle(pattern string, h any)   {}
func (*Group) Static(prefix string, fsys any) {}
func (*Group) Health(checks ...any) {}
func (*Group) Socket(path string, h any) {}
`

// stubPackage is the stub, type-checked.
func stubPackage() *types.Package {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "bennu.go", stub, 0)
	if err != nil {
		panic(err) // the text is a constant
	}
	var conf types.Config
	pkg, err := conf.Check(bennuPath, fset, []*ast.File{f}, nil)
	if err != nil {
		panic(err)
	}
	return pkg
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// unknownPackage stands for a package of another module. It has nothing in it.
func unknownPackage(importPath string) *types.Package {
	name := path.Base(importPath)
	if majorVersion.MatchString(name) {
		name = path.Base(path.Dir(importPath))
	}
	p := types.NewPackage(importPath, name)
	p.MarkComplete()
	return p
}
