package bennu

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
)

// routesEnv names the file into which an App writes its table of routes in
// place of serving. `bennu routes` sets it.
const routesEnv = "BENNU_PRINT_ROUTES"

// routeLine is one route as `bennu routes` reads it.
type routeLine struct {
	Route
	// Pattern is the route as [http.ServeMux] knows it, which decides what an
	// address reaches.
	Pattern string
}

// routesFile is where the table is asked for, "" when the App is to serve.
func routesFile() string { return os.Getenv(routesEnv) }

// printRoutes writes the table, as JSON, and what is needed to match by it.
func (a *App) printRoutes(ctx context.Context, file string) error {
	lines := make([]routeLine, len(a.router.endpoints))
	for i, rt := range a.Routes() {
		lines[i] = routeLine{rt, a.router.endpoints[i].pattern}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("bennu: %s: %w", routesEnv, err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("bennu: %s: %w", routesEnv, err)
	}
	a.log.InfoContext(ctx, "routes written, nothing is served", slog.String("file", file))
	return nil
}
