package bennu

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A server's clock is set an hour back, or forth: pages and sessions of before
// are good within the minute of tokens, and what is too new leads to a fresh
// page, not to a loop.
func TestFault08ClockOfTokensJumps(t *testing.T) {
	for _, tt := range []struct {
		ahead time.Duration // of the clock that made the page
		want  string        // of the join by the other clock
	}{{-time.Hour, ""}, {time.Minute, ""}, {time.Hour, "stale"}} {
		var page *drawn
		at := func(ahead time.Duration, f func()) {
			synctest.Test(t, func(*testing.T) {
				time.Sleep(2*time.Hour + ahead)
				f()
			})
		}
		at(tt.ahead, func() { page = draw(t, clickerApp(t, Options{}), "/") })
		at(0, func() {
			app := clickerApp(t, Options{}) // the same secret
			page.app, page.browser.handler = app, app
			if err := page.join("url", page.address, page.session, page.static); tt.want == "" && err != nil || tt.want != "" && !refusedAs(err, tt.want) {
				t.Errorf("made %v ahead: the join says %v, want %q", tt.ahead, err, tt.want)
			}
			again := draw(t, app, "/") // what the client does then
			if err := again.join("url", again.address, again.session, again.static); err != nil {
				t.Errorf("made %v ahead: the fresh page's join says %v", tt.ahead, err)
			}
		})
	}
}

// Times that are compared keep their monotonic reading: what loses it is called
// nowhere but where time becomes text or a token.
func TestFault08TimeoutsDoNotFollowTheClock(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{ // file and function
		"internal/transport/websocket.go Unix": true, // a deadline that has passed, to wake a reader
		"token/token.go UnixMilli":             true, // the age of tokens is the clock's, see TestFault07TokensFromTheFuture
		"static.go UnixNano":                   true, // of a file's change, in its ETag
	}
	loses := map[string]bool{"Unix": true, "UnixMilli": true, "UnixMicro": true, "UnixNano": true, "Round": true, "Truncate": true, "UTC": true, "Local": true, "AddDate": true}
	checked := 0
	for _, dir := range []string{".", "token", "live", "internal/transport", "internal/wire"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			checked++
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				f, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !loses[f.Sel.Name] {
					return true
				}
				if place := filepath.ToSlash(file) + " " + f.Sel.Name; !allowed[place] {
					t.Errorf("%s: %s drops the monotonic reading of a time; if it is not compared with another, allow it here", fset.Position(call.Pos()), f.Sel.Name)
				}
				return true
			})
		}
	}
	if checked < 50 {
		t.Errorf("only %d files were looked at", checked)
	}
}
