"""A bot on python-zalo-bot: python zalo_bot_talk.py API_URL TOKEN, in .venv-peers.

It sets a webhook and takes it away, talks with whoever writes, sends a photo back, and ends when it is told to.
"""

import sys
from typing import Any

from zalo_bot import Bot, Update  # type: ignore[import-not-found]  # lives in a venv of its own
from zalo_bot.constants import ChatAction  # type: ignore[import-not-found]  # same
from zalo_bot.ext import (  # type: ignore[import-not-found]  # same
    ApplicationBuilder,
    CommandHandler,
    MessageHandler,
    filters,
)

HOOK = "http://127.0.0.1:9/zalo/webhook"


async def started(update: Update, _: object) -> None:
    message = update.message
    me = await message.get_bot().get_me()
    await message.reply_action(ChatAction.TYPING)
    await message.reply_text(f"Chào {message.from_user.display_name}, mình là {me.account_type}")
    await message.reply_sticker("0e078a2fb66a5f34067b")


async def photographed(update: Update, _: object) -> None:
    """By the address that the person's photo has."""
    assert update.message.message_type == "CHAT_PHOTO"
    await update.message.reply_photo(update.message.photo_url, "của bạn đây")


async def spoken(update: Update, context: Any) -> None:
    """What Zalo refuses this client answers with nothing."""
    assert await update.message.reply_text("a" * 2001) is None
    await update.message.reply_text(f"hết: {update.message.text}")
    context.application._running = False  # it has no other way to stop


def main(api: str, token: str) -> None:
    bot = Bot(token, api)
    assert bot.set_webhook(HOOK, "s3cret-of-eight")
    assert bot.get_webhook_info().url == HOOK
    assert bot.delete_webhook()
    application = ApplicationBuilder().token(token).base_url(api).build()
    application.add_handler(CommandHandler("start", started))
    application.add_handler(MessageHandler(filters.PHOTO, photographed))
    application.add_handler(MessageHandler(filters.TEXT, spoken))
    application.run_polling()


main(*sys.argv[1:])
