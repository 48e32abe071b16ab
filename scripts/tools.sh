#!/usr/bin/env bash
# Sees to it that everything the build needs is there: the wasm target, trunk and wasm-bindgen in
# exactly the pinned versions, and the crates. Tools that are missing are compiled into .tools/.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TARGET=wasm32-unknown-unknown
TRUNK=0.21.14
# The version of the crate in Cargo.lock, and of Trunk.toml.
WASM_BINDGEN=0.2.130

require_compilers() {
  have cargo && have rustc || fail "there is no Rust compiler on PATH." \
    "Install it with rustup: https://rustup.rs (then open a new shell)."
  have cc || fail "there is no C compiler (cc) on PATH; Rust links with it." \
    "Debian, Ubuntu: sudo apt-get install build-essential" \
    "macOS:          xcode-select --install"
}

require_target() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/$TARGET" ] && return
  have rustup || fail "this Rust compiler has no target $TARGET, and rustup is not on PATH to add it." \
    "Install Rust with rustup: https://rustup.rs"
  say "Adding the target $TARGET"
  rustup target add "$TARGET"
}

# has COMMAND VERSION: is it on PATH in exactly this version?
has() {
  have "$1" && [ "$("$1" --version 2>/dev/null | head -n 1)" = "$1 $2" ]
}

require_source() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] && return
  have rustup || fail "the source of the standard library is missing, and rustup is not on PATH to add it." \
    "Install Rust with rustup: https://rustup.rs"
  say "Adding the source of the standard library"
  rustup component add rust-src
}

# install COMMAND CRATE VERSION [FLAG]
# A build folder of its own lets an interrupted installation go on where it stopped. The tools run for
# a second or two, so they are compiled quickly rather than to run quickly.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1
install() {
  has "$1" "$3" && return
  say "Installing $2 $3 into .tools/ (once, some minutes)"
  # shellcheck disable=SC2086
  CARGO_TARGET_DIR="$ROOT/.tools/target" cargo install ${4:-} --root "$ROOT/.tools" --version "=$3" "$2" ||
    fail "$2 $3 could not be installed; what went wrong stands above." \
      "“make serve” tries again and goes on where this stopped."
  has "$1" "$3" || fail "$1 on PATH is not version $3: $(command -v "$1")"
}

require_compilers
require_target
require_source
install trunk trunk "$TRUNK" --locked
# Not --locked: its lock file names a crate version that was withdrawn.
install wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
rm -rf .tools/target
# Trunk builds without the network.
cargo fetch --locked --target "$TARGET"
