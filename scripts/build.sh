#!/usr/bin/env bash
# Makes the static site in dist/ and says how large it is.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/tools.sh
. scripts/page.sh
say "Building the page"
trunk build --release
scripts/size.sh || say "The site in dist/ is complete all the same."
