package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// The one browser of all tests of a program. It runs while a test has a page, so
// that nothing is left when the program ends.
var shared struct {
	mu    sync.Mutex
	users int
	ctx   context.Context
	stop  func() error
}

// browser is the context of Chromium, which is started when it does not run yet
// and ends with the last test that uses it.
func browser(t testing.TB) context.Context {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.users == 0 {
		ctx, stop, err := start()
		if err != nil {
			t.Fatalf("browsertest: %v", err)
		}
		shared.ctx, shared.stop = ctx, stop
	}
	shared.users++
	t.Cleanup(func() {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		if shared.users--; shared.users > 0 {
			return
		}
		if err := shared.stop(); err != nil {
			t.Errorf("browsertest: the end of Chromium: %v", err)
		}
	})
	return shared.ctx
}

func start() (ctx context.Context, stop func() error, err error) {
	path, err := find()
	if err != nil {
		return nil, nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true))
	if os.Geteuid() == 0 { // as in most containers; Chromium refuses to be root in its sandbox
		opts = append(opts, chromedp.NoSandbox)
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		stopAllocator()
		return nil, nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, func() error {
		err := chromedp.Cancel(ctx)
		stopAllocator()
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	}, nil
}

// find is the path of Chromium.
func find() (string, error) {
	if path := os.Getenv("BENNU_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium in PATH: install it (apt-get install chromium), or name it by BENNU_CHROMIUM=/path/to/chrome")
}
