#!/usr/bin/env bash
# Formatting, lints and documentation; every warning is an error.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

for component in fmt clippy; do
  cargo "$component" --version >/dev/null 2>&1 ||
    fail "cargo $component is missing." "Install it: rustup component add rustfmt clippy"
done
scripts/tools.sh

say "Formatting"
cargo fmt --all --check
say "Lints: natively"
cargo clippy --locked --all-targets -- -D warnings
say "Lints: natively, with the views and the browser tests"
cargo clippy --locked --all-targets --all-features -- -D warnings
say "Lints: in the browser"
cargo clippy --locked --target wasm32-unknown-unknown --lib --bins -- -D warnings
say "Documentation"
export RUSTDOCFLAGS="-D warnings"
cargo doc --locked --no-deps --document-private-items --lib --all-features
cargo doc --locked --no-deps --document-private-items --lib --target wasm32-unknown-unknown
say "Everything is as it should be."
