#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are missing.
# Usage: scripts/setup-system.sh COMMAND=PACKAGE ...
set -euo pipefail

missing=()
for pair in "$@"; do
	command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair##*=}")
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "setup: missing: ${missing[*]}; install them as root: apt-get install ${missing[*]}" >&2
		exit 1
	fi
	root=(sudo)
fi
if ! command -v apt-get >/dev/null 2>&1; then
	echo "setup: missing: ${missing[*]}; this is no Debian machine, install them with its own package manager" >&2
	exit 1
fi
echo "setup: installing ${missing[*]}"
"${root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
