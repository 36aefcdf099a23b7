# Bennu: the commands of the repository. `make` lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The packages that hold fuzz targets, and how long each target runs.
FUZZTIME ?= 30s
# How many random states of a page the official client is taken through then.
ORACLE_STEPS ?= 1000000
SHOWCASE := examples/showcase
ASSETS := $(SHOWCASE)/web/assets

help: ## list the commands
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: bennu ## serve the showcase on http://localhost:4000 with live reload
	@BENNU_COMMAND="make demo" exec bin/bennu dev --dir $(SHOWCASE)

build: setup-app ## leave the production showcase, one static binary, at bin/showcase (and the command at bin/bennu)
	@bin/bennu generate $(SHOWCASE)
	@bin/bennu assets build $(ASSETS)
	cd examples && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o ../bin/showcase ./showcase

cluster: build ## three copies of the showcase as one, on http://localhost:4000; ctrl-c ends them
	@cd examples && go build -o ../bin/cluster ./cluster
	@exec bin/cluster

cluster-kill: build ## the same, and one of them is killed: do the pages go on?
	@cd examples && go build -o ../bin/cluster ./cluster
	@exec bin/cluster -kill -again 3s

test: setup lint race e2e ## everything that CI runs, the browser tests included

check: lint ## the quick part of test, without browser, npm and race detector
	go test ./...

lint: ## formatting, vet, staticcheck, generated files are current
	@scripts/lint.sh

race: ## all unit tests with the race detector, twice, shuffled
	go test -race -shuffle=on -count=2 ./...
	go test -run=Allocs ./... >/dev/null # counts that the race detector changes
	cd cmd/bennu && go test -race ./...
	cd cluster/nats && go test -race ./...
	cd telemetry/otel && go test -race ./...
	cd telemetry/prom && go test -race ./...
	cd examples && go test -race ./...
	cd bench && go test -race ./... && go test -run=Allocs ./... >/dev/null

e2e: setup build ## real browser and node oracle
	cd browsertest && go test -race -count=1 ./...
	cd e2e && go test -count=1 ./... # it runs programs, which the cache does not know

fuzz: setup-oracle ## each fuzz target for FUZZTIME (default 30s), FUZZJOBS at once (default 1), and a million states under node
	@scripts/fuzz.sh $(FUZZTIME)
	cd e2e && ORACLE_STEPS=$(ORACLE_STEPS) go test -count=1 -timeout=0 -run=TestOfficialClientShows -v ./oracle

mutants: setup-oracle ## break the renderer in one place after the other: the random walks have to notice
	cd e2e && go run ./mutants

soak: build ## minutes of connections that join, click, crash and leave; then a storm of reconnections
	@scripts/soak.sh

bench: build ## the figures, ours and the floor's in the same minute
	@scripts/bench.sh

generate: bennu ## write the Go of all templates
	@bin/bennu generate .

bennu:
	@[ -x bin/bennu ] || echo "building the command bennu; the first time takes a minute or two"
	@cd cmd/bennu && go build -o ../../bin/bennu .

setup: setup-system setup-app setup-oracle

setup-system:
	@scripts/setup-system.sh git=git gcc=gcc chromium=chromium node=nodejs npm=npm

setup-oracle: bennu
	@bin/bennu assets setup e2e/oracle

setup-app: bennu
	@bin/bennu assets setup $(ASSETS)

.PHONY: help demo build cluster cluster-kill test check lint race e2e fuzz mutants soak bench generate bennu setup setup-system setup-oracle setup-app
