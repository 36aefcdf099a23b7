package dev

import (
	"context"
	"maps"
	"slices"
	"time"

	"bennu/cmd/bennu/internal/problem"
)

// buildState is what the loop knows of builds. At most one runs; a change that
// comes meanwhile makes it stale.
type buildState struct {
	everything bool                // all templates are to be generated
	templates  map[string]struct{} // those in these directories are

	cancel context.CancelFunc // ends the build that runs
	done   chan struct{}      // closed when the latest build has ended
	latest int                // counts builds; the outcome of others is stale
	why    string             // the file that changed, "" at the start
	began  time.Time
	sum    string // of the program that the sources give, "" when they give none
}

// add notes that a template in the directory has changed.
func (b *buildState) add(dir string) {
	if b.templates == nil {
		b.templates = make(map[string]struct{})
	}
	b.templates[dir] = struct{}{}
}

// build begins a build of what is there now, in place of one that runs. What
// that one had to generate is generated again: to do so twice changes nothing.
func (l *loop) build(why string) {
	b := &l.builds
	if b.cancel != nil {
		b.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	before, done := b.done, make(chan struct{})
	b.cancel, b.done = cancel, done
	b.latest++
	b.why, b.began, b.sum = why, time.Now(), ""
	number, templates := b.latest, slices.Sorted(maps.Keys(b.templates))
	if b.everything {
		templates = nil
	} else if templates == nil {
		templates = []string{} // none at all
	}
	go func() {
		defer close(done)
		if before != nil {
			<-before // both would write the same program
		}
		if ctx.Err() != nil {
			return
		}
		outcome := l.site.build(ctx, templates)
		l.inbox.put(func() { l.built(number, outcome) })
	}()
}

func (l *loop) built(number int, outcome built) {
	b := &l.builds
	if number != b.latest {
		return
	}
	b.cancel()
	b.cancel = nil
	for _, w := range problem.Relative(l.site.Dir, outcome.warnings) {
		l.say("warning: %s", problem.Format(w))
	}
	if outcome.generated {
		b.everything, b.templates = false, nil
	}
	if outcome.err != nil {
		l.failed(fromBuild, outcome.err)
		return
	}
	l.found(fromBuild, outcome.problems)
	if len(outcome.problems) > 0 {
		return
	}
	b.sum = outcome.sum
	// A program that is the same needs no start, unless the last one failed.
	if b.sum != l.launched || l.running() == nil || len(l.problems[fromApp]) > 0 {
		l.launch()
	}
}

func (l *loop) endBuilds() {
	b := &l.builds
	if b.cancel != nil {
		b.cancel()
	}
	if b.done != nil {
		<-b.done
	}
}
