#!/usr/bin/env bash
# Installs the npm packages of a folder as its lock file says, unless that was
# done already for the same lock file.
# Usage: scripts/setup-npm.sh DIR
set -euo pipefail

cd "$1"
stamp=node_modules/.bennu-lock
if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then
	exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
	echo "setup: npm is missing; install Node.js 20 or newer with its npm" >&2
	exit 1
fi
echo "setup: npm ci in $1"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json "$stamp"
