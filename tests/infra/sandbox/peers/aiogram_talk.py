"""A bot on aiogram, whose strict models read every answer: python aiogram_talk.py API_URL TOKEN, in .venv-peers.

It talks with whoever starts it, and ends when it has been paid.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher, F  # type: ignore[import-not-found]  # lives in a venv of its own
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # same
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # same
from aiogram.exceptions import TelegramBadRequest  # type: ignore[import-not-found]  # same
from aiogram.filters import CommandStart  # type: ignore[import-not-found]  # same
from aiogram.types import (  # type: ignore[import-not-found]  # same
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LabeledPrice,
    Message,
    PreCheckoutQuery,
    ReactionTypeEmoji,
)

from tests.infra.sandbox.telegram_rig import png

talk = Dispatcher()


async def started(message: Message) -> None:
    me = await message.bot.get_me()
    await message.bot.set_my_commands([BotCommand(command="make", description="Vẽ")], language_code="vi")
    await message.bot.get_chat(message.chat.id)
    await message.bot.get_chat_member(message.chat.id, me.id)
    await message.react([ReactionTypeEmoji(emoji="👀")])
    rows = [[InlineKeyboardButton(text="Vẽ", callback_data="draw")]]
    words = f"<b>Chào</b> {message.from_user.first_name} @{me.username}"
    await message.reply(words, parse_mode="HTML", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


async def drawn(query: CallbackQuery) -> None:
    await query.answer("đang vẽ")
    await query.message.edit_text("đang vẽ 50%")
    picture = BufferedInputFile(png(), "a.png")
    await query.message.edit_media(InputMediaPhoto(media=picture, caption="xong"))
    sent = await query.message.answer_photo(BufferedInputFile(png(320, 240), "b.png"), caption="thêm")
    fetched = await query.bot.download(sent.photo[-1].file_id)
    await query.message.answer_document(BufferedInputFile(fetched.read(), "gốc.png"))
    await query.message.answer_media_group([InputMediaPhoto(media=sent.photo[-1].file_id)] * 2)
    await query.message.answer_invoice(
        "50 credit", "Năm mươi credit", "order:1", "XTR", [LabeledPrice(label="a", amount=75)]
    )


async def checked(query: PreCheckoutQuery) -> None:
    await query.answer(ok=True)


async def paid(message: Message) -> None:
    try:
        await message.answer("<b></b>", parse_mode="HTML")
    except TelegramBadRequest:
        pass
    else:
        raise AssertionError("an empty text was taken")
    charge = message.successful_payment.telegram_payment_charge_id
    await message.bot.refund_star_payment(message.from_user.id, charge)


async def refunded(message: Message) -> None:
    rows = (await message.bot.get_star_transactions()).transactions
    await message.answer(f"{len(rows)} dòng")
    await talk.stop_polling()


async def main(api: str, token: str) -> None:
    talk.message.register(started, CommandStart(deep_link=True))
    talk.message.register(paid, F.successful_payment)
    talk.message.register(refunded, F.refunded_payment)
    talk.callback_query.register(drawn, F.data == "draw")
    talk.pre_checkout_query.register(checked)
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    await talk.start_polling(bot, handle_signals=False, polling_timeout=5)


asyncio.run(main(*sys.argv[1:]))
