#!/usr/bin/env bash
# Builds the page, serves it on this machine only and builds it again when a source changes.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PORT=${PORT:-8080}

announce() {
  until [ -f "$ROOT/dist/index.html" ] && (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do
    sleep 0.5
  done
  printf '\n   Image Lifecycle Lab: http://127.0.0.1:%s/   (Ctrl+C ends it)\n\n' "$PORT"
}

scripts/tools.sh
if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
  fail "port $PORT is taken." "Choose another: make serve PORT=8081"
fi
. scripts/page.sh
say "Building the page (the first time takes a minute or two)"
rm -rf dist
announce &
trap 'kill $! 2>/dev/null || true' EXIT
trunk --log warn serve --release --port "$PORT"
