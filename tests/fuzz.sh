#!/bin/sh
# Fetches atheris, which ./dev fuzz needs, into .venv-fuzz beside what .venv has. Run it as often as you like; what stands
# already is left alone. A venv of its own, because it is heavy and nothing but the fuzzing needs it.
set -eu
cd "$(dirname "$0")/.."

if [ ! -x .venv-fuzz/bin/python ] || ! .venv-fuzz/bin/python -c 'import atheris, aiohttp' 2>/dev/null; then
    ./dev fuzz --help >/dev/null # makes .venv
    .venv/bin/python -m venv .venv-fuzz
    .venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
    .venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
        >"$(.venv-fuzz/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/imagify.pth"
fi
