#!/bin/sh
# Fetches what the journeys in a browser need: Chromium with letters for Vietnamese and emoji, and axe, which judges
# how well a page serves people who cannot see it. What stands already is left alone; without root nothing is installed.
# tests/journeys/browser uses it, from IMAGIFY_CHROMIUM or /usr/bin/chromium.
set -eu
cd "$(dirname "$0")/.."

# A folder of its own: npm clears away what it was not asked for this time, and tests/servers.sh asks for other things.
if [ ! -e .servers/axe/node_modules/axe-core/axe.min.js ]; then
    npm install --prefix .servers/axe --no-save --no-audit --no-fund --silent "axe-core@4.14.1"
fi

# libatomic is what the driver of Playwright stands on; a bare Debian does not have it.
wanted=''
[ -n "${IMAGIFY_CHROMIUM:-}" ] || command -v chromium >/dev/null || wanted='chromium fonts-noto-core fonts-noto-color-emoji'
ldconfig -p 2>/dev/null | grep -q libatomic || wanted="$wanted libatomic1"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "$wanted: not here; install them (or set IMAGIFY_CHROMIUM), or the journeys in a browser will be skipped" >&2
    exit 0
fi
apt-get update -qq
# shellcheck disable=SC2086  # words, one package each
apt-get install -y -qq --no-install-recommends $wanted >/dev/null
