package app

import (
	"regexp"
	"strings"
)

// apart are the modules of the framework that an app has only if it asks for
// them: they depend on much that others do not want.
var apart = []string{"bennu/browsertest", "bennu/cluster/nats", "bennu/telemetry/otel", "bennu/telemetry/prom"}

var notInStd = regexp.MustCompile(`package (bennu/\S+) is not in std`)

// Apart says what to do when the go command does not find a package of the
// framework because it is in a module of its own; nil if that is not what it
// says. Having no dot in its name, it is taken for one of the standard library.
func Apart(said string) *Mismatch {
	m := notInStd.FindStringSubmatch(said)
	if m == nil {
		return nil
	}
	for _, module := range apart {
		if m[1] == module || strings.HasPrefix(m[1], module+"/") {
			return &Mismatch{
				Text: m[1] + " is in a module of its own, which go.mod does not have",
				Fix: "go mod edit -replace " + module + "=DIR/" + strings.TrimPrefix(module, "bennu/") + " && go get " + module +
					", DIR being that of bennu in go.mod",
			}
		}
	}
	return nil
}
