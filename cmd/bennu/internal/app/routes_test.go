package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program is an app that consists of its main alone.
func program(t *testing.T, main string) App {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module shop\n\ngo 1.26\n", "main.go": "package main\n\n" + main} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Find(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const writesRoutes = `import ("os"; "fmt")

func main() {
	dir, _ := os.Getwd()
	if os.Getenv("BENNU_DEV") != "1" {
		panic("not in development")
	}
	table := fmt.Sprintf("[{\"Method\":\"GET\",\"Path\":\"/\",\"Pattern\":\"GET /{$}\",\"Source\":%q},{\"Path\":\"/x\",\"Source\":\"/elsewhere/a.go:1\"}]", dir+"/web/routes.go:7")
	if err := os.WriteFile(os.Getenv("BENNU_PRINT_ROUTES"), []byte(table), 0o600); err != nil {
		panic(err)
	}
}
`

func TestRoutesAreThoseThatTheProgramWrites(t *testing.T) {
	t.Parallel()
	routes, err := program(t, writesRoutes).Routes(t.Context())
	if err != nil || len(routes) != 2 {
		t.Fatalf("Routes = %v, %v", routes, err)
	}
	if r := routes[0]; r.String() != "GET /" || r.Pattern != "GET /{$}" || r.Source != "web/routes.go:7" {
		t.Errorf("the first is %+v", r)
	}
	if r := routes[1]; r.Source != "/elsewhere/a.go:1" {
		t.Errorf("a place outside the app is %q, want it as it was", r.Source)
	}
}

func TestRoutesSayWhyThereAreNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, main string
		want       []string
	}{
		{"fails", "import (\"fmt\"; \"os\")\n\nfunc main() { fmt.Fprintln(os.Stderr, \"no database\"); os.Exit(3) }\n",
			[]string{"ended before it would have served: exit status 3", "\nno database"}},
		{"does not serve", "func main() {}\n", []string{"ended without coming to App.ListenAndServe or App.Serve"}},
		{"does not compile", "func main() { x }\n", []string{"main.go:3:15: ", "undefined: x"}},
		{"writes no table", "import \"os\"\n\nfunc main() { os.WriteFile(os.Getenv(\"BENNU_PRINT_ROUTES\"), nil, 0o600) }\n", []string{"table of routes: "}},
	} {
		_, err := program(t, tt.main).Routes(t.Context())
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %q", tt.name, err, want)
			}
		}
	}
}

// A program that goes on is ended, with all that it started.
func TestRoutesOfAProgramThatGoesOn(t *testing.T) {
	t.Parallel()
	a := program(t, "import \"time\"\n\nfunc main() { time.Sleep(time.Hour) }\n")
	binary := filepath.Join(t.TempDir(), "shop")
	if err := a.Compile(t.Context(), binary, nil, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := a.runFor(ctx, binary, filepath.Join(t.TempDir(), "routes")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("runFor = %v, want the end of its time", err)
	}
}
