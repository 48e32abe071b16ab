#!/usr/bin/env bash
# Measures the built page in a browser with a slow processor, beside floors of the same run: the least
# page of the same tools is built too. `scripts/measure.sh frames` (start, list, seeking) measures a part.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/build.sh
say "Building the floor: the least page of the same tools"
(
  . scripts/page.sh
  # What only cutting the lab's program needs stays out of the floor's file.
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS/-Clink-arg=--emit-relocs/}"
  export CARGO_TARGET_DIR="$ROOT/target"
  cd benches/page/hello
  cargo fetch --locked --target wasm32-unknown-unknown
  trunk --log warn build --release
)
browser=$(scripts/browser.sh)
eval "export $browser"
say "Measuring in $CHROMIUM"
cargo bench --locked --profile dev --features browser --bench page -- "$@"
