#!/usr/bin/env bash
# The last hand on the site while it stands in trunk's staging folder: the rules get a file of their
# own, and index.html the page's first picture.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/split.sh
# The comments of the loader and of the style are for those who read their sources.
sed -e 's/^ *//' -e '/^\/\//d' -e '/^$/d' static/boot.js >"$TRUNK_STAGING_DIR/boot.js"
sed -e 's/^ *//' -e '/^\/\*.*\*\/$/d' -e '/^\/\*/,/\*\/$/d' -e '/^$/d' static/style.css >"$(echo "$TRUNK_STAGING_DIR"/style-*.css)"
# The picture is drawn natively, so without what scripts/page.sh says for the page's program.
env -u RUSTC_BOOTSTRAP -u CARGO_UNSTABLE_BUILD_STD -u CARGO_UNSTABLE_BUILD_STD_FEATURES \
  cargo run --quiet --locked --features views --bin prerender "$TRUNK_STAGING_DIR/index.html"
