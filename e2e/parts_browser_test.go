package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bennu/e2e/oracle/parts"
	"bennu/live"
	"bennu/render"
)

// TestBrowserShowsComponentsAndStreams walks through random states of a page of
// live components and streams in Chromium: components that change alone, move,
// go and come again, streams of the page and of components. After each click the
// page has to become what the state looks like when it is drawn without
// components, and with the items that a model of the streams has. The walk goes
// through rejoins and renders that fail. WALK_SEED and WALK_STEPS are as in the
// other walk.
func TestBrowserShowsComponentsAndStreams(t *testing.T) {
	t.Parallel()
	seed, steps := rand.Uint64(), 400
	for name, n := range map[string]any{"WALK_SEED": &seed, "WALK_STEPS": &steps} {
		if s := os.Getenv(name); s != "" {
			if _, err := fmt.Sscan(s, n); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	t.Logf("WALK_SEED=%d", seed)
	world := parts.NewWorld(seed)
	a := newApp(t)
	a.Live("/parts", func() live.View { return &parts.Page{World: world} })
	a.Get("/parts/drawn", func(w http.ResponseWriter, r *http.Request) error {
		html, err := drawnOf(r.Context(), world)
		if err != nil { // the view has failed, and its page joins again
			w.WriteHeader(http.StatusServiceUnavailable)
			return nil
		}
		_, err = w.Write(html)
		return err
	})
	script, err := os.ReadFile("testdata/parts.js")
	if err != nil {
		t.Fatal(err)
	}
	p := newTabFor(t, 2*patience+time.Duration(steps)*time.Second)
	p.visit(a.url + "/parts")
	p.do(chromedp.Evaluate[chromedp.Void](string(script)))
	begin := time.Now()
	const leap = 50
	for at := 0; at < steps; at += leap {
		if wrong := p.await(fmt.Sprintf("walkParts(%d, %d, %d)", at, min(at+leap, steps), 1+seed%1_000_000)); wrong != "" {
			sent, got := p.frames()
			t.Fatalf("%s\nthe last frames were\n%s\n%s", wrong, strings.Join(sent[max(0, len(sent)-6):], "\n"), strings.Join(got[max(0, len(got)-6):], "\n"))
		}
		if _, err := live.Call(p.ctx, world.Self(), func(*parts.Page) bool { world.Light(); return true }); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d steps in %v", steps, time.Since(begin).Round(time.Millisecond))
	for _, line := range p.errors() { // a step whose render fails is a push that does
		if !strings.Contains(line, "Failed to push event") {
			t.Errorf("the browser's console: %s", line)
		}
	}
	_, got := p.frames()
	all := strings.Join(got, "\n")
	for what, mark := range map[string]string{"a component alone": `"diff":{"c":{`, "a stream": `"stream":["feed"`, "a component that the server has forgotten": `"cids":[`} {
		if !strings.Contains(all, mark) {
			t.Errorf("no frame had %s", what)
		}
	}
}

// drawnOf draws the world on the goroutine of the view that shows it.
func drawnOf(ctx context.Context, world *parts.World) ([]byte, error) {
	type result struct {
		html []byte
		err  error
	}
	r, err := live.Call(ctx, world.Self(), func(*parts.Page) result {
		html, err := render.AppendHTML(ctx, nil, world.Drawn())
		return result{html, err}
	})
	if err != nil {
		return nil, err
	}
	return r.html, r.err
}
