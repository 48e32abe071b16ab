#!/usr/bin/env bash
# Fetches axe-core, in the version that tests/browser/axe pins, for the accessibility test. Without npm
# the test is left out, and that is said; where a machine tests (CI is set), it fails instead.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

FOLDER=tests/browser/axe

if have npm; then
  cmp -s "$FOLDER/package-lock.json" "$FOLDER/node_modules/for.json" && exit
  say "Fetching axe-core"
  (cd "$FOLDER" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    fail "axe-core could not be fetched; what went wrong stands above."
  cp "$FOLDER/package-lock.json" "$FOLDER/node_modules/for.json"
elif [ -n "${CI:-}" ]; then
  fail "the accessibility test needs npm." "Debian: sudo apt-get install npm" "macOS:  brew install node"
else
  say "Left out: the accessibility test, which fetches axe-core with npm (Debian: sudo apt-get install npm)."
fi
