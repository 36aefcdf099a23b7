package dev

import (
	"context"
	"sync"
	"time"

	"bennu/cmd/bennu/internal/assets"
	"bennu/internal/devreload"
)

// npmQuiet is how long the lock has to stay as it is before we act on it: npm
// itself may be at work.
const npmQuiet = time.Second

// pageState is what the loop knows of scripts, styles and static files. Its
// jobs run one at a time.
type pageState struct {
	ready    bool // scripts and styles were made once, or could not be
	tailwind bool // the style sheet is Tailwind's

	bundler *assets.Dev      // nil until the packages are there
	styler  *assets.Tailwind // nil when it does not run
	styled  bool             // the first style sheet is there

	cancel context.CancelFunc // of the installation of packages
	jobs   sync.WaitGroup
	busy   bool
	todo   map[kind]string // what changed since the job began, with a file's name
	npm    *time.Timer     // runs after a change of the lock
}

// startPages makes everything that browsers load, the packages first.
func (l *loop) startPages() {
	p := &l.pages
	if l.site.Assets == nil {
		p.ready = true
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.jobs.Go(func() {
		_, err := l.site.Assets.Setup(ctx, l.cfg.Out)
		l.inbox.put(func() {
			if ctx.Err() == nil {
				l.packagesReady(err)
			}
		})
	})
}

func (l *loop) packagesReady(err error) {
	p := &l.pages
	l.failed(fromPackages, err)
	if err != nil {
		l.pagesReady() // the app is of use without
		return
	}
	if p.tailwind, err = l.site.Assets.UsesTailwind(); err == nil {
		p.bundler, err = l.site.Assets.Dev(l.site.dist())
	}
	l.failed(fromScript, err)
	if err != nil {
		l.pagesReady()
		return
	}
	p.todo = map[kind]string{script: "", static: ""}
	l.work()
	p.styled = !p.tailwind
	if p.tailwind {
		l.startStyler()
	}
}

// pagesReady lets the app start when all was tried once.
func (l *loop) pagesReady() {
	if l.pages.ready {
		return
	}
	l.pages.ready = true
	l.launch()
}

// pageSourceChanged does what the change of a file asks for.
func (l *loop) pageSourceChanged(k kind, name string) {
	p := &l.pages
	if p.bundler == nil {
		return
	}
	if p.tailwind && k != static && p.styler == nil {
		l.startStyler() // it gave up because of a mistake that may be gone
	}
	if p.tailwind && k == style {
		return // it watches by itself
	}
	if k == style {
		k = script // esbuild builds both
	}
	if p.todo == nil {
		p.todo = make(map[kind]string)
	}
	p.todo[k] = name
	l.work()
}

// work begins the next job, unless one runs.
func (l *loop) work() {
	p := &l.pages
	if p.busy || len(p.todo) == 0 {
		return
	}
	todo, bundler, began := p.todo, p.bundler, time.Now()
	p.todo, p.busy = nil, true
	p.jobs.Go(func() {
		var results []result
		for k, name := range todo {
			r := result{kind: k, name: name}
			if k == static {
				r.changed, r.err = bundler.CopyStatic()
			} else {
				r.changed, r.err = bundler.Bundle()
			}
			results = append(results, r)
		}
		l.inbox.put(func() { l.worked(bundler, results, began) })
	})
}

// result is the outcome of one job.
type result struct {
	kind    kind
	name    string
	changed assets.Changed
	err     error
}

func (l *loop) worked(bundler *assets.Dev, results []result, began time.Time) {
	p := &l.pages
	if bundler != p.bundler {
		return
	}
	p.busy = false
	for _, r := range results {
		by := fromScript
		if r.kind == static {
			by = fromStatic
		}
		l.failed(by, r.err)
		if p.ready && r.err == nil {
			l.announce(r.changed, r.name, began)
		}
	}
	if p.styled {
		l.pagesReady()
	}
	l.work()
}

// announce tells browsers what they have to load again, and people that it is
// there.
func (l *loop) announce(c assets.Changed, name string, began time.Time) {
	took := time.Since(began).Milliseconds()
	switch {
	case c.Script || c.Static:
		l.tell(devreload.Reload)
		l.say("%s → reloaded in %d ms", name, took)
	case c.Style:
		l.tell(devreload.CSS)
		l.say("%s → new styles in %d ms", name, took)
	}
}

func (l *loop) startStyler() {
	var t *assets.Tailwind
	t, err := l.site.Assets.WatchTailwind(l.site.dist(), func(s assets.Styled) {
		l.inbox.put(func() { l.stylerSays(t, s) })
	})
	if err != nil {
		l.pages.styled = true
		l.failed(fromStyle, err)
		return
	}
	l.pages.styler = t
}

func (l *loop) stylerSays(t *assets.Tailwind, s assets.Styled) {
	p := &l.pages
	if t != p.styler {
		return
	}
	if s.Ended {
		t.Close()
		p.styler = nil
	}
	l.failed(fromStyle, s.Err)
	if s.Changed && p.ready {
		l.tell(devreload.CSS)
		l.say("new styles")
	}
	p.styled = true
	if !p.busy {
		l.pagesReady()
	}
}

// packagesChanged starts over once nobody writes the lock any more.
func (l *loop) packagesChanged() {
	p := &l.pages
	if p.npm != nil {
		p.npm.Stop()
	}
	p.npm = time.AfterFunc(npmQuiet, func() {
		l.inbox.put(func() {
			l.endPages()
			l.startPages()
		})
	})
}

// endPages ends all jobs and helpers, and waits for them.
func (l *loop) endPages() {
	p := &l.pages
	if p.npm != nil {
		p.npm.Stop()
	}
	if p.cancel != nil {
		p.cancel()
	}
	p.jobs.Wait()
	if p.styler != nil {
		p.styler.Close()
	}
	if p.bundler != nil {
		p.bundler.Close()
	}
	p.styler, p.bundler, p.busy, p.todo = nil, nil, false, nil
}
