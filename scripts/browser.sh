#!/usr/bin/env bash
# Finds Chromium (or Chrome) and its driver and prints where they are as two shell assignments:
#   CHROMIUM=… CHROMEDRIVER=…
# Installs Debian's packages where they are missing and apt-get is there.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# first COMMAND…: the place of the first that exists.
first() {
  for command in "$@"; do
    command -v "$command" 2>/dev/null && return
  done
  return 1
}

find_browser() {
  CHROMIUM=${CHROMIUM:-$(first chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" || true)}
  CHROMEDRIVER=${CHROMEDRIVER:-$(first chromedriver chromium.chromedriver || true)}
  [ -n "$CHROMIUM" ] && [ -n "$CHROMEDRIVER" ]
}

install_packages() {
  have apt-get || return 1
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || return 1
    sudo=sudo
  fi
  say "Installing chromium and chromium-driver" >&2
  $sudo apt-get update >&2 && $sudo apt-get install -y chromium chromium-driver >&2
}

find_browser || { install_packages && find_browser; } ||
  fail "the browser tests need Chromium (or Chrome) and chromedriver of the same version." \
    "Debian: sudo apt-get install chromium chromium-driver" \
    "macOS:  brew install --cask google-chrome chromedriver" \
    "Elsewhere, say where they are: CHROMIUM=/path/to/chrome CHROMEDRIVER=/path/to/chromedriver make test"

printf 'CHROMIUM=%q CHROMEDRIVER=%q\n' "$CHROMIUM" "$CHROMEDRIVER"
