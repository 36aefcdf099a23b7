#!/usr/bin/env bash
# Formatting, vet, staticcheck, generated files that are current, and pages that
# bennu check has nothing to say about.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

unformatted=$(git ls-files -z --cached --others --exclude-standard '*.go' ':!*/testdata/*' | xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
	printf 'lint: not gofmt-ed (run gofmt -w):\n%s\n' "$unformatted" >&2
	exit 1
fi

(cd cmd/bennu && go build -o ../../bin/bennu .)
bin/bennu generate --check .
bin/bennu check examples e2e/views e2e/lab bench

(cd tools && go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck)
for module in . browsertest cluster/nats telemetry/otel telemetry/prom cmd/bennu examples bench e2e; do
	(
		cd "$module"
		go vet ./...
		"$root/bin/staticcheck" ./...
	)
done
