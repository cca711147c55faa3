"""The mouths that are measured, each in a process of its own: python -m tests.bench.echo.mouths NAME API_URL [HOME]

ours       bot.telegram.build, without `hear`
stock      python-telegram-bot as it comes, one update after the other
stock256   the same with 256 updates side by side
ingest     the house's own webhook on its own server: acknowledged once it stands in SQLite
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.bench.echo.wire import SECRET, TOKEN


async def main() -> None:
    name, api = sys.argv[1:3]
    opened = ingesting(Path(sys.argv[3])) if name == "ingest" else echoing(name, api)
    async with opened as app:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sys.stdout.write(f"{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever measures lets go
        await runner.cleanup()


@asynccontextmanager
async def echoing(name: str, api: str) -> AsyncIterator[web.Application]:
    """The same webhook before each of them, as python-telegram-bot's own wiki shows it."""
    from telegram import Update  # noqa: PLC0415 - the start of each mouth is measured with its own imports

    application = ours(api) if name == "ours" else stock(api, 256 if name == "stock256" else 1)
    await application.initialize()
    await application.start()

    async def hook(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        application.update_queue.put_nowait(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram/webhook", hook)
    yield app
    await application.stop()
    await application.shutdown()


def ours(api: str) -> Any:
    from telegram.ext import ApplicationBuilder  # noqa: PLC0415 - same

    from bot.telegram import build  # noqa: PLC0415 - same

    return build(ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot"))


def stock(api: str, at_once: int) -> Any:
    from telegram.ext import ApplicationBuilder, MessageHandler, filters  # noqa: PLC0415 - same

    async def echo(update: Any, _: Any) -> None:
        await update.message.reply_text(update.message.text)

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").updater(None).job_queue(None)
    application = builder.concurrent_updates(at_once).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


@asynccontextmanager
async def ingesting(home: Path) -> AsyncIterator[web.Application]:
    """The house with its door and its inbox, and nobody who handles what is kept."""
    from prometheus_client import Counter  # noqa: PLC0415 - same

    from bot import settings  # noqa: PLC0415 - same
    from bot.app import plan  # noqa: PLC0415 - same
    from bot.house import House  # noqa: PLC0415 - same
    from bot.server import Door, build_app  # noqa: PLC0415 - same
    from bot.telegram import WEBHOOK  # noqa: PLC0415 - same
    from bot.telegram.buttons import Buttons  # noqa: PLC0415 - same
    from bot.telegram.inlet import Inlet  # noqa: PLC0415 - same
    from bot.telegram.updates import Me  # noqa: PLC0415 - same
    from infra import embedded  # noqa: PLC0415 - same

    async with embedded.open(home) as wing:
        plan_ = plan(settings.read(home=home), wing)
        house = House(wing, plan_)
        await house.wake(alone=True)
        door = Door(wing.ports.cache, wing.ports.chance, vendor_paths=frozenset({WEBHOOK}), registry=house.registry)
        taken = Counter("imagify_telegram", "Updates", ["became"], registry=house.registry)
        bot = ours("http://127.0.0.1:9").bot
        inlet = Inlet(bot, house.inbox, wing.ports.cache, Buttons(plan_.secrets), taken, me=Me(1, "echo_bot"))
        yield build_app(door, house.ready, inlet.routes(SECRET))


if __name__ == "__main__":
    asyncio.run(main())
