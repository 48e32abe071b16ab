# Read by the scripts that build the page: how its program is compiled to be small. The standard
# library is compiled along with it, without the words of its panics (a panic is a trap, and
# static/boot.js says so on the page); that saves a tenth of the download. Cargo calls these options
# unstable, so they are allowed by name for the pinned compiler of rust-toolchain.toml.

export RUSTC_BOOTSTRAP=1
export CARGO_UNSTABLE_BUILD_STD="std panic_abort"
export CARGO_UNSTABLE_BUILD_STD_FEATURES="optimize_for_size"
# Names and producers are left out; wasm-bindgen needs to know what the program may use, and
# scripts/split.sh what refers to what.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort \
-Zlocation-detail=none -Zfmt-debug=none -Clink-arg=--strip-all -Clink-arg=--emit-relocs \
-Clink-arg=--keep-section=target_features"
