package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"bennu/cmd/bennu/internal/problem"
	"bennu/internal/devreload"
)

// loop is the state of `bennu dev`. Its methods run on one goroutine, but for
// those that say otherwise.
type loop struct {
	cfg    Config
	site   site
	secret string
	port   *port
	inbox  *mailbox
	apps   sync.WaitGroup // all children

	waiting *waiting // serves while current is nil
	current *child   // serves
	next    *child   // started, not ready

	greeted  bool        // the address was said
	launched string      // the sum of the program that was started last
	hint     *time.Timer // runs while an app is slow to get ready

	builds buildState
	pages  pageState

	problems map[finder][]problem.Problem
	shown    []problem.Problem // what was last said
}

// finder is who found a problem; its next outcome replaces it.
type finder int

const (
	fromBuild finder = iota
	fromApp
	fromPackages
	fromScript
	fromStyle
	fromStatic
	finders
)

// Run serves the app until ctx ends, which is success. It has then ended all
// that it started.
func Run(ctx context.Context, cfg Config) (err error) {
	cfg = cfg.withDefaults()
	s, err := findSite(cfg)
	if err != nil {
		return err
	}
	p, err := openPort(cfg.Addr, cfg.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := s.prepare(); err != nil {
		return err
	}
	secret, err := s.secret() // of this app alone, for development
	if err != nil {
		return err
	}
	l := &loop{
		cfg: cfg, site: s, secret: secret, port: p, inbox: newMailbox(),
		problems: make(map[finder][]problem.Problem),
	}
	if l.waiting, err = startWaiting(p); err != nil {
		return err
	}
	watch, err := watchTrees(s.watched, []string{s.Root}, s.skipDir, func(paths []string) {
		l.inbox.put(func() { l.changed(paths) })
	})
	if err != nil {
		l.waiting.stop()
		return err
	}
	l.builds.everything = true
	l.build("")
	l.startPages()
	patience := time.AfterFunc(silence, func() { l.inbox.put(l.askForPatience) })
	defer patience.Stop()
	l.run(ctx)
	err = watch.Close()
	l.end()
	return err
}

// silence is how long a start may take without a word.
const silence = 2 * time.Second

func (l *loop) askForPatience() {
	if !l.greeted && len(l.shown) == 0 {
		l.say("building; the first time takes longest, because all that the app uses is compiled")
	}
}

func (cfg Config) withDefaults() Config {
	if cfg.Addr == "" {
		cfg.Addr = ":4000"
	}
	if cfg.Command == "" {
		cfg.Command = defaultCommand
	}
	if cfg.Out == nil {
		cfg.Out = os.Stdout
	}
	cfg.Out = &lockedWriter{to: cfg.Out} // npm's lines come between ours
	if cfg.Stdout == nil {
		cfg.Stdout = os.Stdout
	}
	if cfg.Stderr == nil {
		cfg.Stderr = os.Stderr
	}
	return cfg
}

func (l *loop) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.inbox.arrived:
		}
		for _, f := range l.inbox.take() {
			f()
		}
	}
}

// end stops everything and waits for it. What still arrives in the mailbox is
// not looked at.
func (l *loop) end() {
	l.stopHint()
	l.endBuilds()
	l.endPages()
	for _, c := range []*child{l.next, l.current} {
		if c != nil {
			c.stop()
		}
	}
	if l.waiting != nil {
		l.waiting.stop()
	}
	l.apps.Wait()
}

// changed begins what the changed files ask for.
func (l *loop) changed(paths []string) {
	if paths == nil { // too many to follow: look at everything
		l.builds.everything = true
		l.build("many files")
		for _, k := range []kind{script, style, static} {
			l.pageSourceChanged(k, "many files")
		}
		return
	}
	first := make(map[kind]string)
	for _, path := range paths {
		k := l.site.classify(path)
		if first[k] == "" {
			first[k] = l.site.Relative(path)
		}
		if k == template {
			l.builds.add(filepath.Dir(path))
		}
	}
	if name := first[template]; name != "" {
		l.build(name)
	} else if name := first[source]; name != "" {
		l.build(name)
	}
	if name := first[packages]; name != "" {
		l.packagesChanged()
	}
	for _, k := range []kind{script, style, static} {
		if name := first[k]; name != "" {
			l.pageSourceChanged(k, name)
		}
	}
}

// say prints one line of ours.
func (l *loop) say(format string, args ...any) { fmt.Fprintf(l.cfg.Out, format+"\n", args...) }

// found replaces what one source complains about, and shows the difference.
func (l *loop) found(by finder, problems []problem.Problem) {
	l.problems[by] = problems
	l.show()
}

// failed is found for an error, which may hold problems of its own.
func (l *loop) failed(by finder, err error) {
	var f *problem.Failure
	switch {
	case err == nil:
		l.found(by, nil)
	case errors.As(err, &f):
		l.found(by, f.Problems)
	default:
		l.found(by, []problem.Problem{{Message: err.Error()}})
	}
}

// show prints the problems that are new and sends all of them to browsers.
func (l *loop) show() {
	var all []problem.Problem
	for by := range finders {
		all = append(all, problem.Relative(l.site.Dir, l.problems[by])...)
	}
	if slices.Equal(all, l.shown) {
		return
	}
	for _, p := range all {
		if !slices.Contains(l.shown, p) {
			l.say("%s", problem.Format(p))
		}
	}
	switch {
	case len(all) == 0:
		l.say("right again") // the program may be the same, of which nothing is said
	case l.current != nil:
		l.say("the last good build keeps serving until this is right")
	}
	l.shown = all
	l.tellProblems()
}

// tellProblems sends the problems to whoever serves.
func (l *loop) tellProblems() {
	if l.current != nil {
		l.current.tell(devreload.ErrorMessage(l.shown))
	}
	if l.waiting != nil {
		l.waiting.show(l.shown)
	}
}

// tell sends browsers a message, if an app serves them.
func (l *loop) tell(kind string) {
	if l.current != nil {
		l.current.tell(devreload.Message{Type: kind})
	}
}

// lockedWriter is for lines from several goroutines.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
