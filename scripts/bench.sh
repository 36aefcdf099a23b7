#!/usr/bin/env bash
# Measures the showcase beside a floor server and prints one table. The
# production showcase has to be at bin/showcase (`make bench` builds it).
#
#   BENCH_QUICK=1   a minute and a half, for a first look; full takes some four
#   BENCH_N=5000    idle connections, if not 10,000
#   BENCH_HOLD=30s  how long they are held, if not 60 s
#   BENCH_PAGES=1   only the benchmark pages, as the tables of docs/figures.md
#   BENCH_TEST=1    the time of `make test` from a clean clone as well
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p bin/bench
build() { CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "bin/bench/$1" "./bench/$1"; }
build report
if [ -n "${BENCH_PAGES:-}" ]; then
	exec bin/bench/report -pages
fi
for program in floor load observed; do
	build "$program"
done
(cd e2e && go build -trimpath -o ../bin/bench/patchtime ./patchtime)

flags=()
[ -z "${BENCH_QUICK:-}" ] || flags+=(-quick)
[ -z "${BENCH_N:-}" ] || flags+=(-n "$BENCH_N")
[ -z "${BENCH_HOLD:-}" ] || flags+=(-hold "$BENCH_HOLD")
bin/bench/report -bin bin/bench -showcase bin/showcase -root . "${flags[@]}"
echo
bin/bench/patchtime
scripts/bench-start.sh
echo
(cd cluster/nats && go test -run='^$' -bench=NodeToNode -benchtime=1s . && go test -run='^$' -bench=Presence -benchtime=1x .)
