#!/usr/bin/env bash
# Every test: the pure ones, the views, then the page in a real browser. The last line counts them.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

LOG=$(mktemp "${TMPDIR:-/tmp}/lab-test.XXXXXX")

# Counts what every test binary reported, also when one of them failed.
summary() {
  local status=$?
  awk '/^test result:/ { passed += $4; failed += $6 }
       END { printf "\n%d passed, %d failed\n", passed, failed }' "$LOG"
  rm -f "$LOG"
  [ "$status" -eq 0 ] || echo "The tests did not all run: what stopped them stands above."
  exit "$status"
}
trap summary EXIT

# run NAME COMMAND…
run() {
  say "$1"
  shift
  "$@" 2>&1 | tee -a "$LOG"
}

run "Tests without a browser" cargo test --locked
run "Views, rendered to text" cargo test --locked --features views --test views
scripts/build.sh
scripts/axe.sh
browser=$(scripts/browser.sh)
eval "export $browser"
run "The page in $CHROMIUM" cargo test --locked --features browser --test browser
scripts/size.sh
