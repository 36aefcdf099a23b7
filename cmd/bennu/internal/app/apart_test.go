package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestApart(t *testing.T) {
	t.Parallel()
	got := Apart("web/routes.go:7:2: package bennu/telemetry/prom is not in std (/usr/local/go/src/bennu/telemetry/prom)")
	if got == nil || got.Text != "bennu/telemetry/prom is in a module of its own, which go.mod does not have" ||
		got.Fix != "go mod edit -replace bennu/telemetry/prom=DIR/telemetry/prom && go get bennu/telemetry/prom, DIR being that of bennu in go.mod" {
		t.Errorf("%v", got)
	}
	for _, said := range []string{"", "package bennu/liv is not in std", "package shop/web is not in std", "package bennu/telemetry/promote is not in std"} {
		if got := Apart(said); got != nil {
			t.Errorf("%q: %v", said, got)
		}
	}
	found := goProblems("main.go:9:2: package bennu/cluster/nats is not in std (/usr/local/go/src/bennu/cluster/nats)", t.TempDir(), func(string) string { return "" })
	if len(found) != 1 || !strings.Contains(found[0].Message, "in a module of its own") || !strings.Contains(found[0].Message, "fix: go mod edit") {
		t.Errorf("%+v", found)
	}
}

// Each name is that of a module there is.
func TestApartAreThere(t *testing.T) {
	t.Parallel()
	for _, module := range apart {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", filepath.FromSlash(strings.TrimPrefix(module, "bennu/")), "go.mod"))
		if err != nil || !strings.HasPrefix(string(text), "module "+module+"\n") {
			t.Errorf("%s: %v\n%.40s", module, err, text)
		}
	}
}
