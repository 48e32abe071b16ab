#!/usr/bin/env bash
# Says what a first visit downloads, in kB of brotli, and fails when it is more than the bar.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What a first visit may download before this fails. It is a ratchet: lower it whenever it can be.
LIMIT_KB=146

. scripts/brotli.sh
if [ -z "$WITH" ]; then
  say "Sizes are not shown: that takes brotli (apt-get install brotli, brew install brotli) or node."
  exit 0
fi

# kb BYTES: with one decimal.
kb() {
  awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1000 }'
}

say "First load, in kB of brotli (measured with $WITH)"
total=0
# What the page itself asks for: what index.html names, and index.html.
for file in $(cd dist && ls -p | grep -v '/$'); do
  [ "$file" = index.html ] || grep -qF "./$file" dist/index.html || continue
  bytes=$(compressed "dist/$file")
  total=$((total + bytes))
  printf '%8s  %s\n' "$(kb "$bytes")" "$file"
done
printf '%8s  in all, at most %s\n' "$(kb "$total")" "$LIMIT_KB"
printf '%8s  %s\n' "$(kb "$(compressed dist/rules-*.wasm)")" "more, the rules, when a person first does something"
[ "$total" -le $((LIMIT_KB * 1000)) ] || fail "the page is larger than $LIMIT_KB kB."
