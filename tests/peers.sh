#!/bin/sh
# Fetches the clients nobody here wrote, which the suite lets talk to the played Telegram and the played Zalo: aiogram and
# python-zalo-bot into .venv-peers, grammY into .peers. Run it as often as you like; what stands already is left alone.
set -eu
cd "$(dirname "$0")/.."

if [ ! -x .venv-peers/bin/python ] || ! .venv-peers/bin/python -c 'import aiogram, zalo_bot' 2>/dev/null; then
    # A venv of its own, because aiogram pins a pydantic and an aiohttp that are not ours.
    python3 -m venv .venv-peers
    .venv-peers/bin/python -m pip install --quiet --disable-pip-version-check aiogram==3.31.0 python-zalo-bot==0.1.9
fi

if [ ! -d .peers/node_modules/grammy ]; then
    npm install --prefix .peers --no-save --no-audit --no-fund --silent grammy@1.46.0
fi
