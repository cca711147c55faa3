"""An echo on aiogram, as its papers show it: python peer.py API_URL, in .venv-peers, with the checkout on its path."""

import asyncio
import sys

from aiogram import Bot, Dispatcher  # type: ignore[import-not-found]  # lives in a venv of its own
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # same
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # same
from aiogram.types import Message  # type: ignore[import-not-found]  # same
from aiogram.webhook.aiohttp_server import SimpleRequestHandler  # type: ignore[import-not-found]  # same
from aiohttp import web

from tests.bench.echo.wire import SECRET, TOKEN

talk = Dispatcher()


@talk.message()  # type: ignore[untyped-decorator]  # same
async def echo(message: Message) -> None:
    await message.answer(message.text)


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1]))
    app = web.Application()
    hook = SimpleRequestHandler(talk, Bot(TOKEN, session=session), secret_token=SECRET)
    hook.register(app, path="/telegram/webhook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await session.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
