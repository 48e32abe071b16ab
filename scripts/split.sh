#!/usr/bin/env bash
# Cuts the rules of the clouds out of the page's program into a file of their own, which the page
# fetches when a person first does something. scripts/finish.sh calls this after wasm-bindgen: cutting
# needs what the linker knew, so it starts again from there.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

NAME=image-lifecycle-lab
SITE=${TRUNK_STAGING_DIR:?trunk calls this}
CUT=target/split

program=$(basename "$SITE/$NAME"-*_bg.wasm _bg.wasm)
rules="rules-${program#"$NAME-"}.wasm"

rm -rf "$CUT"
mkdir -p "$CUT"
wasm-split-cli "target/wasm32-unknown-unknown/release/$NAME.wasm" "$CUT" --target web --out-name "$program"
wasm-bindgen "$CUT/$program.wasm" --target web --no-typescript --keep-lld-exports --remove-name-section \
  --remove-producers-section --out-dir "$SITE" --out-name "$program"
cp "$CUT/split_rules.wasm" "$SITE/$rules"

# The code that loads the rules goes into the program's own script: one request less, and no host needs
# to know the type of the file.
{
  sed -e '/^import \* as import1 from /d' "$SITE/$program.js"
  sed -e '/^import { initSync } from /d' -e 's/^export const/const/' -e "s/split_rules\.wasm/$rules/" \
    -e 's/WebAssembly\.instantiateStreaming(src, imports)/WebAssembly.instantiate(await (await src).arrayBuffer(), imports)/' \
    "$CUT/__wasm_split.js"
  echo 'const import1 = { __wasm_split_load_rules };'
} >"$CUT/program.js"
grep -q "$rules" "$CUT/program.js" && grep -q arrayBuffer "$CUT/program.js" &&
  ! grep -q '^import ' "$CUT/program.js" || fail "wasm-split-cli writes another loader than scripts/split.sh expects."

# Comments and indentation are left out; a line that begins with a comment holds nothing else.
sed -e 's/^ *//' -e '/^\/\//d' -e '/^\/\*.*\*\/$/d' -e '/^\/\*/,/\*\/$/d' -e '/^$/d' "$CUT/program.js" >"$SITE/$program.js"

# wasm-bindgen tells functions of the same name apart by sixteen digits of a hash, which no compression
# makes smaller. Here they are counted instead; the names keep their length, and so the program its shape.
number=0
for hash in $(grep -oE '__wbg_[A-Za-z0-9_]+_[0-9a-f]{16}' "$SITE/$program.js" | grep -oE '[0-9a-f]{16}$' | sort -u); do
  number=$((number + 1))
  printf 's/_%s/_%016d/g;\n' "$hash" "$number"
done >"$CUT/count.pl"
perl -pi "$CUT/count.pl" "$SITE/$program.js" "$SITE/${program}_bg.wasm"
