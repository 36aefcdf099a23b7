package assets

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bennu/cmd/bennu/internal/problem"
)

// tailwindCommand is Tailwind's own command line, run in the project's
// directory: what its style sheet names by a relative path is found from there.
func (p Project) tailwindCommand(ctx context.Context, out string, flags ...string) (*exec.Cmd, error) {
	node, err := lookNode("node")
	if err != nil {
		return nil, err
	}
	cli := p.path("node_modules", "@tailwindcss", "cli", "dist", "index.mjs")
	if !isFile(cli) {
		return nil, fmt.Errorf("assets: %s names @tailwindcss/cli, which is not installed; run `bennu assets setup %s`",
			p.path("package.json"), p.Dir)
	}
	cmd := exec.CommandContext(ctx, node, append([]string{cli, "-i", p.style(), "-o", out}, flags...)...)
	cmd.Dir = p.Dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	cmd.WaitDelay = 2 * time.Second
	return cmd, nil
}

// tailwind builds the style sheet for production.
func (p Project) tailwind(ctx context.Context) (output, error) {
	dir, err := os.MkdirTemp("", "bennu-css-")
	if err != nil {
		return output{}, fmt.Errorf("assets: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "app.css")
	cmd, err := p.tailwindCommand(ctx, file, "--minify")
	if err != nil {
		return output{}, err
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return output{}, ctx.Err()
		}
		return output{}, p.tailwindFailure(said.String(), err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return output{}, fmt.Errorf("assets: output of tailwind: %w", err)
	}
	name := "app-" + contentHash(text) + ".css"
	return output{files: map[string][]byte{name: text}}, nil
}

// contentHash is eight characters of the shape that esbuild gives to hashes.
func contentHash(text []byte) string {
	sum := sha256.Sum256(text)
	return base32.StdEncoding.EncodeToString(sum[:5])
}

var (
	// colour is what terminals show as colour; Tailwind frames its errors by it
	// wherever they go.
	colour = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	// errorName is what JavaScript puts before the message of an error.
	errorName = regexp.MustCompile(`(?m)^\w*Error: `)
	// cssPosition is how Tailwind says where: "/app/app.css:3:5: Missing opening {".
	cssPosition = regexp.MustCompile(`(?m)^(\S.*?\.css):(\d+):(\d+):\s*(.+)`)
)

func (p Project) tailwindFailure(said string, exit error) error {
	return &problem.Failure{Problems: []problem.Problem{p.tailwindProblem(said, exit)}}
}

// tailwindProblem finds in Tailwind's output what it complains about. It draws
// a dim box around errors:
//
//	Error:
//	┌
//	│ Error: Cannot apply unknown utility class `nope`
//	└
func (p Project) tailwindProblem(said string, exit error) problem.Problem {
	said = colour.ReplaceAllString(said, "")
	var lines []string
	for line := range strings.Lines(said) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "│ "); ok {
			lines = append(lines, text)
		}
	}
	message := strings.TrimSpace(strings.Join(lines, "\n"))
	if message == "" {
		message = strings.TrimSpace(said)
	}
	if message == "" && exit != nil {
		message = "tailwind: " + exit.Error()
	}
	message = errorName.ReplaceAllString(message, "")
	found := problem.Problem{Tool: "tailwind", File: p.path(p.style()), Message: message}
	m := cssPosition.FindStringSubmatch(message)
	if m == nil {
		return found
	}
	found.File = m[1]
	if !filepath.IsAbs(found.File) {
		found.File = p.path(found.File)
	}
	line, lineErr := strconv.Atoi(m[2])
	col, colErr := strconv.Atoi(m[3])
	if lineErr == nil && colErr == nil {
		found.Line, found.Col, found.Message = line, col, m[4]
	}
	return problem.WithSource(found)
}

// lookNode finds a program of Node.js; the error says how to get it.
func lookNode(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	if !errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("assets: %w", err)
	}
	return "", fmt.Errorf("assets: %s is not on the PATH; Node.js 20 or newer is needed for the packages and the styles of pages: "+
		"get it at https://nodejs.org, or by `apt install nodejs npm` or `brew install node`, and run this again", name)
}
