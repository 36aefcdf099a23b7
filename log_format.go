package bennu

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"bennu/internal/devlog"
	"bennu/internal/devreload"
)

// logHandler writes logs to w in a format: short is for people, text and json
// are those of package slog. The default is short in development, else text. It
// returns a handler in any case.
func logHandler(w io.Writer, format string, dev bool, level slog.Level) (slog.Handler, error) {
	var wrong error
	switch format {
	case "text", "json", "short":
	case "":
		format = "text"
		if dev {
			format = "short"
		}
	default:
		wrong = fmt.Errorf("%q, want short, text or json", format)
	}
	switch format {
	case "json":
		return slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), wrong
	case "short":
		dir, _ := os.Getwd() // without it, paths in stacks are absolute
		color := devlog.Color(w) || os.Getenv(devreload.EnvColor) == "1" && devlog.Allowed()
		return devlog.New(w, devlog.Options{Level: level, Color: color, Dir: dir}), wrong
	}
	return slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}), wrong
}
