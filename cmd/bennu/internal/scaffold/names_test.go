package scaffold

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		dir, module string
		want        names
		imports     string
	}{
		{"shop", "", names{"shop", "shop", "shop", "Shop"}, `"shop"`},
		{"my-shop", "", names{"my-shop", "my-shop", "myshop", "My shop"}, `myshop "my-shop"`},
		{"shop_2", "", names{"shop_2", "shop_2", "shop2", "Shop 2"}, `shop2 "shop_2"`},
		{"My Files", "shop", names{"shop", "shop", "shop", "Shop"}, `"shop"`},
		{"x", "example.com/acme/web-shop", names{"web-shop", "example.com/acme/web-shop", "webshop", "Web shop"}, `webshop "example.com/acme/web-shop"`},
		{"x", "example.com/shop/v2", names{"shop", "example.com/shop/v2", "shop", "Shop"}, `shop "example.com/shop/v2"`},
		{"x", "example.com/Acme/shop", names{"shop", "example.com/Acme/shop", "shop", "Shop"}, `"example.com/Acme/shop"`},
		{"v2", "", names{"v2", "v2", "v2", "V2"}, `"v2"`},
		{"a-", "", names{"a-", "a-", "a", "A"}, `a "a-"`},
	} {
		got, err := chooseNames(tt.dir, tt.module)
		if err != nil || got != tt.want {
			t.Errorf("chooseNames(%q, %q) = %+v, %v, want %+v", tt.dir, tt.module, got, err, tt.want)
			continue
		}
		if got.Import() != tt.imports {
			t.Errorf("%+v: imported as %s, want %s", got, got.Import(), tt.imports)
		}
	}
}

func TestWrongNamesSayWhichWouldDo(t *testing.T) {
	t.Parallel()
	const small = "expected small letters, digits, '-' and '_', beginning with a letter; "
	for _, tt := range []struct{ dir, module, want string }{
		{"Shop", "", `the directory's name "Shop" cannot be the app's name: ` + small + `"shop" would do`},
		{"my shop!", "", small + `"my-shop" would do`},
		{"2shop", "", `"shop" would do`},
		{"übung", "", `"bung" would do`},
		{"-", "", small + "choose another directory, or name the module with --module"},
		{"", "", "choose another directory"},
		{"/", "", "choose another directory"},
		{"Go", "", "choose another directory"},
		{"bennu", "", "it is the framework's own"},
		{"x", "bennu/shop", "it is the framework's own"},
		{"func", "", `"func" is a word of the language Go`},
		{"error", "", `"error" means something in every Go file`},
		{"net", "", `"net" belongs to Go's standard library`},
		{"x", "time/shop", `"time" belongs to Go's standard library`},
		{"x", "example.com/fmt", `"fmt" is a package of Go's standard library`},
		{"web", "", `"web" is what a part of every app is called; choose another directory`},
		{"l-i-v-e", "", `"live" is what a part of every app is called`},
		{"x", "example.com/Shop", `--module example.com/Shop: its last part "Shop" cannot be the app's name: ` + small + `"shop" would do`},
		{"x", "example.com//shop", `"" in it is no name; expected letters, digits and '-', '_', '.', '~' between slashes, as in example.com/shop`},
		{"x", "../shop", `".." in it is no name`},
		{"x", "shop.", `"shop." in it is no name`},
		{"x", "sh op", `"sh op" in it is no name`},
		{"x", "/shop", `"" in it is no name`},
	} {
		n, err := chooseNames(tt.dir, tt.module)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("chooseNames(%q, %q) = %+v, %v, want %q", tt.dir, tt.module, n, err, tt.want)
		}
	}
}

// TestNamesOfTheAppsFilesAreTaken holds that no app gets a name that its own
// files use for something else where they import its root package.
func TestNamesOfTheAppsFilesAreTaken(t *testing.T) {
	t.Parallel()
	n := names{"shop", "example.com/shop", "shop", "Shop"}
	files, err := render(n)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]string)
	for name, text := range files {
		if path.Ext(name) == ".templ" && path.Dir(name) == "web/live/counter" {
			for line := range strings.Lines(string(text)) {
				if call, ok := strings.CutPrefix(line, "templ "); ok {
					f, _, _ := strings.Cut(call, "(")
					seen[f] = name
				}
			}
		}
		if path.Ext(name) != ".go" || !strings.Contains(string(text), n.Import()) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(node ast.Node) bool {
			if id, ok := node.(*ast.Ident); ok && !ast.IsExported(id.Name) && id.Name != n.Package && id.Name != "_" {
				seen[id.Name] = name
			}
			return true
		})
	}
	if len(seen) < 10 {
		t.Fatalf("only %d names were found: %v", len(seen), seen)
	}
	for name, file := range seen {
		// Methods stand in nobody's way, and no package is called like this.
		if slices.Contains([]string{"add", "reset"}, name) || strings.Contains(name, "_") || strings.ToLower(name) != name {
			continue
		}
		if taken(names{Name: name, Module: name, Package: name}) == "" {
			t.Errorf("%s has %q, which an app could be called: add it to the names that are taken", file, name)
		}
	}
}
