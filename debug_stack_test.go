package bennu

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

func TestParseStack(t *testing.T) {
	t.Parallel()
	const text = `goroutine 7 [running]:
runtime/debug.Stack()
	/usr/lib/go/src/runtime/debug/stack.go:26 +0x5e
bennu.(*App).guard.func1.1()
	/src/bennu/errors.go:40 +0x9c
panic({0x6b1a40?, 0x7a5d30?})
	/usr/lib/go/src/runtime/panic.go:787 +0x132
runtime.panicmem(...)
	/usr/lib/go/src/runtime/panic.go:262
runtime.sigpanic()
	/usr/lib/go/src/runtime/signal_unix.go:917 +0x359
shop/web/cart.(*Cart).add(0x0, {0x1, 0x2})
	/home/ann/shop one/web/cart/cart.go:41 +0x1b
shop/web/cart.Total.func1(...)
	/home/ann/shop one/web/cart/cart.templ:12
bennu/live.(*instance).mount(0xc000)
	/src/bennu/live/mount.go:42 +0x1
github.com/x/y.Do[...](0x1)
	/home/ann/go/pkg/mod/github.com/x/y@v1.2.3/do.go:9 +0x1
net/http.(*conn).serve(0xc0001)
	/usr/lib/go/src/net/http/server.go:2092 +0x5d0
created by net/http.(*Server).Serve in goroutine 1
	/usr/lib/go/src/net/http/server.go:3360 +0x485
`
	origin := codeOrigin{module: "shop", std: "/usr/lib/go/src/"}
	var got []string
	for _, f := range parseStack([]byte(text)) {
		mark := ""
		if origin.owns(f) {
			mark = " app"
		}
		got = append(got, f.Name()+" "+f.File[strings.LastIndexByte(f.File, '/')+1:]+mark)
	}
	want := []string{
		"cart.(*Cart).add cart.go app", "cart.Total.func1 cart.templ app", "live.(*instance).mount mount.go",
		"y.Do[...] do.go", "http.(*conn).serve server.go", "http.(*Server).Serve server.go",
	}
	if !slices.Equal(got, want) {
		t.Errorf("parseStack:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOwnsCode(t *testing.T) {
	t.Parallel()
	const std = "/go/src/"
	for _, tt := range []struct {
		module, function, file string
		want                   bool
	}{
		{"shop", "main.main", "/shop/cmd/shop/main.go", true},
		{"shop", "shop/web.New", "/shop/web/web.go", true},
		{"shop", "shopping/web.New", "/shopping/web.go", true}, // another module of a workspace
		{"shop", selfPackage + ".New", "/bennu/app.go", false},
		{"shop", selfPackage + "/live.On", "/bennu/live/events.go", false},
		{selfPackage + "/examples", selfPackage + "/examples/showcase/web.New", "/bennu/examples/web.go", true},
		{selfPackage + "/examples", selfPackage + "/live.On", "/bennu/live/events.go", false},
		{selfPackage, selfPackage + ".TestX", "/bennu/x_test.go", true},
		{"shop", "net/http.Serve", std + "net/http/server.go", false},
		{"shop", "github.com/a/b.C", "/home/ann/go/pkg/mod/github.com/a/b@v1.0.0/c.go", false},
		{"shop", "github.com/a/b.C", "/shop/vendor/github.com/a/b/c.go", false},
	} {
		o := codeOrigin{module: tt.module, std: std}
		if got := o.owns(stackFrame{Function: tt.function, File: tt.file}); got != tt.want {
			t.Errorf("in module %s, owns(%s in %s) = %v, want %v", tt.module, tt.function, tt.file, got, tt.want)
		}
	}
	if o := thisProgram(); o.std == "" || !strings.HasSuffix(o.std, "/src/") {
		t.Logf("the standard library's source is not known (%q), as with -trimpath", o.std)
	}
}

func FuzzParseStack(f *testing.F) {
	f.Add(debug.Stack())
	f.Add([]byte("panic(\n\t:1\na)\n\tb:0\n\tc:9999999999999999999\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, frame := range parseStack(text) {
			if frame.Function == "" || frame.Line <= 0 {
				t.Errorf("frame %+v", frame)
			}
			_, _ = frame.Name(), codeOrigin{}.owns(frame)
		}
	})
}
