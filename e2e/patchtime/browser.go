package main

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed clock.js
var clock string

// browser is Chromium.
type browser struct {
	ctx  context.Context
	stop func()
}

func startBrowser(ctx context.Context, path string) (*browser, error) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true))
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, opts...)
	tab, closeTab := chromedp.NewContext(allocator)
	b := &browser{tab, func() { closeTab(); stopAllocator() }}
	if err := chromedp.Do(tab); err != nil {
		b.stop()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

// measure opens a page in a tab of its own, lets it change a few times unseen
// and returns the milliseconds that so many further changes took.
func (b *browser) measure(url string, n int) ([]float64, error) {
	ctx, closeTab := chromedp.NewContext(b.ctx)
	defer closeTab()
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: clock}); err != nil {
		return nil, err
	}
	const connected = `new Promise(ok => {
		const see = () => document.querySelector("[data-phx-main].phx-connected") ? ok(true) : requestAnimationFrame(see);
		see();
	})`
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return nil, err
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](connected, chromedp.EvalAwaitPromise)); err != nil {
		return nil, fmt.Errorf("%s does not connect: %w", url, err)
	}
	const unseen = 3
	times, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](fmt.Sprintf("measure(%d)", unseen+n), chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	if len(times) != unseen+n {
		return nil, fmt.Errorf("%d times came, want %d", len(times), unseen+n)
	}
	return times[unseen:], nil
}

// findChromium returns "" if there is none.
func findChromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
