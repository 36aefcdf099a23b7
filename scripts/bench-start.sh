#!/usr/bin/env bash
# Prints how long the two commands take: `make demo` until its page is served,
# from a clean clone (with the caches of Go and npm as they are) and again, and,
# with BENCH_TEST=1, `make test` from a clean clone with an empty build cache.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${BENCH_PORT:-4180}
dir=$(mktemp -d)
pid=
cleanup() {
	if [ -n "$pid" ]; then
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	fi
	rm -rf "$dir"
}
trap cleanup EXIT

demo() { # prints the seconds until the page answers
	local began=$EPOCHREALTIME
	PORT=$port make -C "$dir/clone" demo >"$dir/log" 2>&1 &
	pid=$!
	for _ in $(seq 1 3000); do
		if grep -q 'ready in' "$dir/log"; then break; fi
		if ! kill -0 "$pid" 2>/dev/null; then
			cat "$dir/log" >&2
			exit 1
		fi
		sleep 0.1 # polls another program's output
	done
	grep -q 'ready in' "$dir/log"
	awk -v a="$began" -v b="$EPOCHREALTIME" -v what="$1" 'BEGIN { printf "make demo, %s: %.1f s\n", what, b - a }'
	# make passes the signal on to nobody: the dev loop below it is ended itself.
	for child in $(cat "/proc/$pid/task/$pid/children"); do kill "$child" 2>/dev/null || true; done
	wait "$pid" 2>/dev/null || true
	pid=
}

git clone -q . "$dir/clone"
echo
demo "clean clone"
demo "again"
if [ "${BENCH_TEST:-}" = 1 ]; then
	rm -rf "$dir/clone"
	git clone -q . "$dir/clone"
	began=$SECONDS
	GOCACHE=$dir/cache make -C "$dir/clone" test >"$dir/log" 2>&1 || { tail -50 "$dir/log" >&2; exit 1; }
	echo "make test, clean clone, empty build cache: $((SECONDS - began)) s"
fi
