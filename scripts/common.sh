# Read by every script: goes to the repository's root and puts its tools first on PATH.
# Works with bash 3.2, which macOS has.

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
export PATH="$ROOT/.tools/bin:$PATH"
# What is set for other projects would put the program elsewhere, or compile it otherwise.
unset CARGO_TARGET_DIR RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET

say() {
  printf '\n== %s\n' "$*"
}

fail() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  for line in "$@"; do
    printf '       %s\n' "$line" >&2
  done
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}
