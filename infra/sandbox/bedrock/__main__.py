"""Bedrock in a process of its own: `python -m infra.sandbox.bedrock --port 4566` says where it is, and plays on."""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress

from infra.sandbox.bedrock import open_bedrock
from infra.sandbox.bedrock.work import MEGAPIXEL


async def play(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    opened = open_bedrock(asked.port, control_port=asked.control_port, scale=asked.scale, lot=asked.lot)
    async with opened as played:
        played.bedrock.latency, played.bedrock.pixels = asked.latency, asked.pixels
        sys.stdout.write(f"{played.url} {played.control_url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bedrock", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="how many of its seconds go into a real one")
    parser.add_argument("--latency", type=float, default=1.0, help="times the usual of every call")
    parser.add_argument("--pixels", type=int, default=MEGAPIXEL, help="of a picture; small ones cost little")
    parser.add_argument("--lot", type=int, default=None, help="the same one throws the same dice")
    with suppress(KeyboardInterrupt):
        asyncio.run(play(parser.parse_args()))


if __name__ == "__main__":
    main()
