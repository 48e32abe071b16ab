#!/usr/bin/env bash
# Measures the engine: natively, beside stateright, and in wasm beside XState. The last needs node; the
# build and the tests do not.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

say "Natively"
cargo bench --locked --bench engine
have node && have npm || { say "In wasm, beside XState: skipped, that takes node and npm."; exit 0; }
scripts/tools.sh
say "In wasm, beside XState"
# The messages name the module that was made.
module=$(cargo build --locked --profile bench --bench engine --target wasm32-unknown-unknown \
  --message-format json | sed -n 's|.*"filenames":\["\([^"]*/engine-[^"/]*\.wasm\)".*|\1|p' | tail -n 1)
wasm-bindgen --target nodejs --out-dir target/bench-page --out-name lab "$module"
(cd benches/peers && npm ci --no-audit --no-fund --silent)
node --expose-gc --max-old-space-size=4096 benches/peers/compare.mjs "$ROOT/target/bench-page/lab.js"
