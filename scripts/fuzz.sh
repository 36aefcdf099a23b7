#!/usr/bin/env bash
# Runs every fuzz target of the core for the given time, one after the other.
# Usage: scripts/fuzz.sh 30s [PACKAGE ...]
set -euo pipefail
cd "$(dirname "$0")/.."
time=$1
shift
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
	mapfile -t packages < <(git grep -l '^func Fuzz' -- '*_test.go' ':!e2e' ':!cmd' ':!examples' | xargs -n1 dirname | sort -u | sed 's#^#./#')
fi
for package in "${packages[@]}"; do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz'); do
		echo "fuzz: $package $target for $time"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 2s "$package"
	done
done
