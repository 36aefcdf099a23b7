package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bennu/e2e/walk"
	"bennu/live"
)

// TestBrowserShowsWhatTheServerRenders walks through random states of one page
// in Chromium, with the whole client over a real socket. After each step the
// page has to be what a new request draws. The walk goes through rejoins and
// through renders that fail. WALK_SEED=n repeats a walk, WALK_STEPS=n makes it
// longer than 1,000 steps.
func TestBrowserShowsWhatTheServerRenders(t *testing.T) {
	t.Parallel()
	seed, steps := rand.Uint64(), 1000
	if s := os.Getenv("WALK_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	if s := os.Getenv("WALK_STEPS"); s != "" {
		var err error
		if steps, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("WALK_SEED=%d", seed)
	walker := walk.NewWalker(seed)
	a := newApp(t)
	a.Live("/walk", func() live.View { return &walk.View{Walker: walker} })
	script, err := os.ReadFile("testdata/walk.js")
	if err != nil {
		t.Fatal(err)
	}
	p := newTabFor(t, 2*patience+time.Duration(steps)*time.Second)
	p.visit(a.url + "/walk")
	p.do(chromedp.Evaluate[chromedp.Void](string(script)))
	begin := time.Now()
	const leap = 50
	for at := 0; at < steps; at += leap {
		if wrong := p.await(fmt.Sprintf("walk(%d, %d)", at, min(at+leap, steps))); wrong != "" {
			t.Fatal(wrong)
		}
	}
	t.Logf("%d steps in %v", steps, time.Since(begin).Round(time.Millisecond))
	for _, line := range p.errors() { // a step whose render fails is a push that does
		if !strings.Contains(line, "Failed to push event") {
			t.Errorf("the browser's console: %s", line)
		}
	}
	_, got := p.frames()
	if all := strings.Join(got, "\n"); strings.Count(all, `"r":1`) == 0 || strings.Count(all, `"km":true`) == 0 {
		t.Error("no frame had a root or a move of rows")
	}
}
