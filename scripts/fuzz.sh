#!/usr/bin/env bash
# Runs every fuzz target of the core for the given time, FUZZJOBS (default 1)
# of them at once, each with one worker when there are several. What one prints
# comes out whole when it ends, with the line of its totals last.
# Usage: scripts/fuzz.sh 30s [PACKAGE | PACKAGE:TARGET ...]
set -euo pipefail
cd "$(dirname "$0")/.."
export FUZZTIME=$1 WORKERS=
shift
jobs=${FUZZJOBS:-1}
[ "$jobs" -eq 1 ] || WORKERS=-parallel=1

wanted=("$@")
if [ ${#wanted[@]} -eq 0 ]; then
	mapfile -t wanted < <(git grep -l '^func Fuzz' -- '*_test.go' ':!e2e' ':!cmd' ':!examples' | xargs -n1 dirname | sort -u | sed 's#^#./#')
fi
targets=()
for one in "${wanted[@]}"; do
	if [[ $one == *:* ]]; then
		targets+=("$one")
		continue
	fi
	while read -r target; do
		targets+=("$one:$target")
	done < <(go test -list '^Fuzz' "$one" | grep '^Fuzz')
done

fuzz() {
	local package=${1%:*} target=${1##*:} status=0 out
	echo "fuzz: $package $target for $FUZZTIME"
	# shellcheck disable=SC2086 # WORKERS is one word or none
	out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 2s $WORKERS "$package" 2>&1) || status=$?
	# Go's fuzzer may report its own end of time as a failure (a known flaw):
	# without an input that fails nothing was found.
	if [ "$status" -ne 0 ] && ! { grep -q 'context deadline exceeded$' <<<"$out" && ! grep -q 'Failing input' <<<"$out"; }; then
		printf 'fuzz: %s %s FAILED\n%s\n' "$package" "$target" "$out"
		return 1 # the others go on; xargs ends with an error
	fi
	echo "fuzz: $package $target: $(grep -E '^fuzz: elapsed.*execs' <<<"$out" | tail -n 1)"
}
export -f fuzz
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -c 'fuzz {}'
