#!/usr/bin/env bash
# Leaves pictures of every screen in every theme at 390, 1280 and 1920 pixels in target/screenshots/: what
# the window shows, and the whole page.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/build.sh
browser=$(scripts/browser.sh)
eval "export $browser"
say "Pictures of every screen"
cargo test --locked --features browser --test browser -- --ignored every_screen
say "They are in target/screenshots/."
