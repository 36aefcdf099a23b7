package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"bennu"
	"bennu/cmd/bennu/internal/process"
)

// Route is a route of the running app.
type Route struct {
	bennu.Route
	// Pattern is the route as [http.ServeMux] knows it.
	Pattern string
}

// routesWithin is how long an app may take to reach the point where it would
// serve.
const routesWithin = 20 * time.Second

// Routes compiles the app, runs it until it would serve, and has it write its
// table in place of that (variable BENNU_PRINT_ROUTES). Places in the app are
// relative to its directory.
func (a App) Routes(ctx context.Context) ([]Route, error) {
	dir, err := os.MkdirTemp("", "bennu-routes-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program := filepath.Join(dir, a.Name())
	if err := a.Compile(ctx, program, nil, nil); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "routes.json")
	said, err := a.runFor(ctx, program, file)
	text, readErr := os.ReadFile(file)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("%s ran for %v and did not come to App.ListenAndServe or App.Serve, which write the table of routes: "+
			"does it serve in another way, or wait for something?\n%s", a.Name(), routesWithin, said)
	case err != nil:
		return nil, fmt.Errorf("%s ended before it would have served: %w\n%s", a.Name(), err, said)
	case errors.Is(readErr, fs.ErrNotExist):
		return nil, fmt.Errorf("%s ended without coming to App.ListenAndServe or App.Serve, which write the table of routes\n%s", a.Name(), said)
	case readErr != nil:
		return nil, readErr
	}
	var routes []Route
	if err := json.Unmarshal(text, &routes); err != nil {
		return nil, fmt.Errorf("table of routes: %w", err)
	}
	for i := range routes {
		routes[i].Source = a.Relative(routes[i].Source)
	}
	return routes, nil
}

// runFor runs the program as in development and returns what it said.
func (a App) runFor(ctx context.Context, program, file string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, routesWithin)
	defer cancel()
	cmd := exec.Command(program)
	cmd.Dir = a.Dir
	cmd.Env = append(os.Environ(), "BENNU_PRINT_ROUTES="+file, "BENNU_DEV=1", "BENNU_LOG=warn")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	p, err := process.Start(cmd)
	if err != nil {
		return "", err
	}
	stop := context.AfterFunc(ctx, p.Kill)
	defer stop()
	err = p.Wait()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return said.String(), err
}
