package assets

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/process"
)

// Styled is what Tailwind has to say after it looked at a change.
type Styled struct {
	Changed bool  // the style sheet is not as it was
	Err     error // a problem.Failure for what is wrong in the sources
	Ended   bool  // Tailwind has given up, which it does when its first build fails
}

// Tailwind is Tailwind's command kept running: it watches the files that the
// style sheet names as sources by itself, and a rebuild takes some ten
// milliseconds where a new process takes half a second.
type Tailwind struct {
	project Project
	file    string // the style sheet it writes
	report  func(Styled)
	process *process.Process
	stdin   io.Closer
	done    chan struct{}
}

// WatchTailwind starts Tailwind, which writes the style sheet app.css into the
// directory dist now and whenever its sources change, and calls report after
// each time from one goroutine of its own. Close it.
func (p Project) WatchTailwind(dist string, report func(Styled)) (*Tailwind, error) {
	t := &Tailwind{project: p, file: filepath.Join(dist, "app.css"), report: report, done: make(chan struct{})}
	// With --watch alone it also ends with its standard input, so that it never
	// outlives us, however we end.
	cmd, err := p.tailwindCommand(context.Background(), t.file, "--watch")
	if err != nil {
		return nil, err
	}
	if t.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("assets: tailwind: %w", err)
	}
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("assets: tailwind: %w", err)
	}
	if t.process, err = process.Start(cmd); err != nil {
		return nil, fmt.Errorf("assets: tailwind: %w", err)
	}
	go func() {
		defer close(t.done)
		t.follow(said)
	}()
	return t, nil
}

// Close ends Tailwind and waits; report is not called any more.
func (t *Tailwind) Close() {
	t.process.Kill()
	// Closing a pipe to a process that is gone has nothing to tell.
	_ = t.stdin.Close()
	<-t.done
}

// follow reads Tailwind's output, where each build ends with a line "Done in
// 12ms", below a box when it failed.
func (t *Tailwind) follow(said io.Reader) {
	var since []string
	before := t.sum()
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		line := lines.Text()
		if !strings.HasPrefix(strings.TrimSpace(line), "Done in") {
			since = append(since, line)
			continue
		}
		after := t.sum()
		t.report(Styled{Changed: after != before, Err: t.failure(since)})
		before, since = after, nil
	}
	// What is left is read and dropped, so that Tailwind does not wait for us.
	_, readErr := io.Copy(io.Discard, said)
	err := errors.Join(lines.Err(), readErr, t.process.Wait())
	if err == nil {
		err = errors.New("it ended by itself")
	}
	failure := t.failure(since)
	if failure == nil {
		failure = t.project.tailwindFailure(strings.Join(since, "\n"), err)
	}
	t.report(Styled{Err: failure, Ended: true})
}

// failure is the error in the lines that Tailwind wrote for one build; nil when
// there is none.
func (t *Tailwind) failure(lines []string) error {
	text := strings.Join(lines, "\n")
	if !strings.Contains(text, "Error:") {
		return nil
	}
	return t.project.tailwindFailure(text, nil)
}

// sum tells one style sheet from the next; a missing one is a style sheet too.
func (t *Tailwind) sum() [sha256.Size]byte {
	text, err := os.ReadFile(t.file)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(bytes.TrimSpace(text))
}
