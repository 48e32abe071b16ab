#!/usr/bin/env bash
# Sees to it that everything the build needs is there: the wasm target, trunk and wasm-bindgen in
# exactly the pinned versions, and the crates. Tools that are missing are compiled into .tools/.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TARGET=wasm32-unknown-unknown
TRUNK=0.21.14
# The version of the crate in Cargo.lock, and of Trunk.toml.
WASM_BINDGEN=0.2.130
WASM_SPLIT=0.2.4

require_compilers() {
  have cargo && have rustc || fail "there is no Rust compiler on PATH." \
    "Install it with rustup: https://rustup.rs (then open a new shell)."
  have cc || fail "there is no C compiler (cc) on PATH; Rust links with it." \
    "Debian, Ubuntu: sudo apt-get install build-essential" \
    "macOS:          xcode-select --install"
  have perl || fail "there is no perl on PATH; scripts/split.sh edits the program with it." \
    "Debian, Ubuntu: sudo apt-get install perl"
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

# A build folder of its own lets an interrupted installation go on where it stopped. The tools run for
# a second or two, so they are compiled quickly rather than to run quickly.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1

# compile CRATE VERSION [FLAG…]: into .tools/
compile() {
  local crate=$1 version=$2
  shift 2
  say "Installing $crate $version into .tools/ (once, some minutes)"
  CARGO_TARGET_DIR="$ROOT/.tools/target" cargo install "$@" --root "$ROOT/.tools" --version "=$version" "$crate" ||
    fail "$crate $version could not be installed; what went wrong stands above." \
      "“make serve” tries again and goes on where this stopped."
}

# install COMMAND CRATE VERSION [FLAG…]
install() {
  local command=$1 version=$3
  shift
  has "$command" "$version" && return
  compile "$@"
  has "$command" "$version" || fail "$command on PATH is not version $version: $(command -v "$command")"
}

# It does not say its version, so only the one in .tools/ counts.
install_splitter() {
  grep -qs "^\"wasm_split_cli_support $WASM_SPLIT " "$ROOT/.tools/.crates.toml" && return
  compile wasm_split_cli_support "$WASM_SPLIT" --locked --features build-binary
}

require_compilers
require_target
require_source
install trunk trunk "$TRUNK" --locked
# Not --locked: its lock file names a crate version that was withdrawn.
install wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
install_splitter
rm -rf .tools/target
# Trunk builds without the network; the page is compiled with its own standard library.
cargo fetch --locked --target "$TARGET"
RUSTC_BOOTSTRAP=1 cargo fetch --locked --quiet \
  --manifest-path "$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.toml"
