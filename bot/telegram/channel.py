"""The Telegram channel: a reply becomes messages, an edit or an album, each sent when its turn has come.

    text       one message, or several where it is too long; the buttons stand under the last
    picture    a photo with its caption, or the file itself; what the caption cannot hold follows as a text
    invoice    paid in Telegram itself; it never becomes anything else
    wall       albums, or one photo after the other where an album is refused; then the words with numbered buttons
    edit       text to text, and anything to a picture; words over a picture become its caption

Telegram cannot tell that it was sent something before, so what was sent `once` is remembered here once it arrived.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar, cast

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import ChatMigrated, EndPointNotFound, InvalidToken, TelegramError

from bot.channel import Gone, NotSent, Rejected, Unsure, Words
from bot.replies import Reply, Urgency
from bot.telegram.fates import AsItWas, NoText, WrongFile, fate
from bot.telegram.files import fetch
from bot.telegram.keyboard import Sign, alts, keyboard, spoken
from bot.telegram.media import FEWEST, Picture, Pictures, albums
from bot.telegram.pacing import PATIENCE, RANK, Flooded, Pacing, Unneeded
from bot.telegram.stars import send_invoice
from bot.telegram.words import captioned, pieces
from core.clock import SECOND
from core.inbox import HANDLED, REMEMBERED
from core.ports import Ports
from core.table import Change, Create, Key, Refused, TableUnavailable

T = TypeVar("T")

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
WORDLESS = "🖼️"  # Telegram takes no message without a text
SENDING: dict[str, Any] = {"connect_timeout": 5.0, "read_timeout": 20.0, "write_timeout": 20.0}  # seconds
UPLOADING: dict[str, Any] = {
    "connect_timeout": 5.0,
    "read_timeout": 30.0,
    "write_timeout": 60.0,
}  # an answer given up is a doubt
PRIVATE_BEAT, GROUP_BEAT = 3.0, 5.0  # seconds between two edits of progress
ACTION_LASTS = 4_500  # milliseconds

Asking = Callable[[int], Awaitable[T]]  # a call, for the chat as it is known today


class TelegramChannel:
    name, can_edit, takes_links, silent_edits = "telegram", True, False, True
    takes_files = True

    def __init__(self, bot: Bot, ports: Ports, sign: Sign, pacing: Pacing | None = None) -> None:
        self._bot, self._table, self._clock, self._sign = bot, ports.table, ports.clock, sign
        number = bot.token.partition(":")[0]
        self._pictures = Pictures(ports.table, ports.blobs, ports.darkroom, number)
        self.pacing = pacing or Pacing(ports.clock)
        self._moved: dict[str, str] = {}
        self._acted: dict[str, int] = {}

    async def send(self, chat: str, reply: Reply, replaces: str = "", once: str = "") -> str:
        """The id of the message that later ones may replace; nothing where Telegram took it and named none."""
        if replaces:
            return await self._edit(chat, reply, replaces)
        if once and (before := await self._before(chat, once)) is not None:
            return before
        message = await self._new(chat, reply)
        if once:
            await self._remember(chat, once, message)
        return message

    async def close(self) -> None:
        await self.pacing.close()

    # -- pictures that people send ------------------------------------------------------------------------------------

    async def ours(self, ids: Sequence[str], picture: str) -> str:
        return await self._pictures.ours(ids, picture)

    async def fetch(self, picture: str) -> bytes:
        return await fetch(self._bot, picture.rpartition(":")[2])

    # -- progress -----------------------------------------------------------------------------------------------------

    def beat(self, chat: str) -> float:
        return GROUP_BEAT if chat.startswith("-") else PRIVATE_BEAT

    async def progress(self, chat: str, message: str, words: Words) -> None:
        """Only ever a text for a text: where the picture has come meanwhile, Telegram itself refuses it."""

        async def step(where: int) -> None:
            reply = await words()
            if reply is None:
                raise Unneeded
            await self._edit_text(where, message, spoken(reply), keyboard(chat, reply, self._sign))

        with suppress(AsItWas, NoText):
            await self._through(chat, "progress", step)

    async def painting(self, chat: str) -> None:
        """In a private chat with nothing else to do, and only as often as it fades."""
        now = self._clock.steady()
        acted = self._acted.get(chat, -ACTION_LASTS)
        if chat.startswith("-") or now < acted + ACTION_LASTS or not self.pacing.spare(chat):
            return
        self._acted = {one: at for one, at in self._acted.items() if now - at < ACTION_LASTS} | {chat: now}

        async def act(where: int) -> None:
            await self._bot.send_chat_action(where, ChatAction.UPLOAD_PHOTO, **SENDING)

        with suppress(NotSent, Rejected, Unsure, Gone):
            await self._through(chat, "broadcast", act, patience=1.0)

    # -- new messages -------------------------------------------------------------------------------------------------

    async def _new(self, chat: str, reply: Reply) -> str:
        if reply.invoice:
            return number_of(await self._through(chat, reply.urgency, partial(self._bill, chat, reply)))
        if reply.wall:
            return await self._wall(chat, reply)
        picture = await self._pictures.of(reply)
        return await (self._picture(chat, reply, picture) if picture else self._texts(chat, reply))

    async def _texts(self, chat: str, reply: Reply) -> str:
        """The first part says whether it arrived; the others follow as well as they can."""
        parts = pieces(spoken(reply) or WORDLESS)
        last = len(parts) - 1
        message = ""
        for number, part in enumerate(parts):
            markup = keyboard(chat, reply, self._sign) if number == last else None
            text = partial(self._send_text, text=part, markup=markup, answers="" if number else reply.answers)
            try:
                message = number_of(await self._through(chat, reply.urgency, text))
            except (NotSent, Unsure, Rejected):
                if not number:
                    raise
                log.warning("the rest of a long text did not arrive")
                break
        return message

    async def _bill(self, chat: str, reply: Reply, where: int) -> Message:
        return await send_invoice(self._bot, where, reply, keyboard(chat, reply, self._sign), **SENDING)

    async def _send_text(self, chat: int, text: str, markup: InlineKeyboardMarkup | None, answers: str) -> Message:
        return await self._bot.send_message(
            chat,
            text,
            reply_markup=markup,
            reply_parameters=answering(answers),
            link_preview_options=NO_PREVIEW,
            **SENDING,
        )

    async def _picture(self, chat: str, reply: Reply, picture: Picture) -> str:
        caption, rest = captioned(spoken(reply))
        send = partial(
            self._send_picture, markup=keyboard(chat, reply, self._sign), caption=caption, answers=reply.answers
        )
        message = await self._shown(chat, reply, picture, send)
        await self._rest(chat, reply, rest)
        return number_of(message)

    async def _shown(
        self, chat: str, reply: Reply, picture: Picture, send: Callable[..., Awaitable[Message]]
    ) -> Message:
        """By the name Telegram gave it, or from its bytes once it knows that name no more."""
        try:
            message = await self._through(chat, reply.urgency, partial(send, picture=picture))
        except WrongFile:
            again = await self._pictures.of(reply, anew=True)
            if again is None or not picture.known:
                raise
            picture = again
            message = await self._through(chat, reply.urgency, partial(send, picture=picture))
        await self._kept(picture, message)
        return message

    async def _kept(self, picture: Picture, message: Message) -> None:
        with suppress(Refused, TableUnavailable):  # then it goes up again the next time
            await self._pictures.keep(picture, message)

    async def _send_picture(
        self, chat: int, picture: Picture, markup: InlineKeyboardMarkup | None, caption: str, answers: str
    ) -> Message:
        how: dict[str, Any] = {
            "caption": caption or None,
            "reply_markup": markup,
            "reply_parameters": answering(answers),
            **UPLOADING,
        }
        if picture.kind == "photo":
            return await self._bot.send_photo(chat, picture.sent, **how)
        return await self._bot.send_document(chat, picture.sent, disable_content_type_detection=True, **how)

    async def _rest(self, chat: str, reply: Reply, rest: str) -> None:
        """The picture has arrived, and that is what counts."""
        for part in pieces(rest) if rest else ():
            text = partial(self._send_text, text=part, markup=None, answers="")
            with suppress(NotSent, Unsure, Rejected, Gone):
                await self._through(chat, reply.urgency, text)

    # -- walls --------------------------------------------------------------------------------------------------------

    async def _wall(self, chat: str, reply: Reply) -> str:
        """The pictures first; the message with the buttons is the one that says whether all of it arrived."""
        for album in albums(await self._pictures.hung(reply.wall)):
            await self._album(chat, reply.urgency, album)
        words = Reply(f"{reply.text}\n{alts(reply.wall)}", reply.choices, wall=reply.wall, urgency=reply.urgency)
        return await self._texts(chat, words)

    async def _album(self, chat: str, urgency: Urgency, album: Sequence[Picture]) -> None:
        if len(album) >= FEWEST:
            with suppress(Rejected):
                await self._through(chat, urgency, partial(self._send_album, album=album), cost=len(album))
                return
        for picture in album:
            alone = partial(self._send_picture, picture=picture, markup=None, caption="", answers="")
            with suppress(Rejected):
                await self._through(chat, urgency, alone)

    async def _send_album(self, chat: int, album: Sequence[Picture]) -> None:
        await self._bot.send_media_group(chat, [picture.media() for picture in album], **UPLOADING)

    # -- edits --------------------------------------------------------------------------------------------------------

    async def _edit(self, chat: str, reply: Reply, message: str) -> str:
        """What says already what it is to say is as good as edited."""
        picture = None if reply.wall else await self._pictures.of(reply)
        with suppress(AsItWas):
            await (self._to_picture(chat, reply, message, picture) if picture else self._to_text(chat, reply, message))
        return message

    async def _to_text(self, chat: str, reply: Reply, message: str) -> None:
        markup = keyboard(chat, reply, self._sign)
        first, *rest = pieces(spoken(reply) or WORDLESS)
        try:
            await self._through(
                chat, reply.urgency, partial(self._edit_text, message=message, text=first, markup=markup)
            )
        except NoText:
            caption, more = captioned(spoken(reply))
            rest = [more] if more else []
            edit = partial(self._edit_caption, message=message, caption=caption, markup=markup)
            await self._through(chat, reply.urgency, edit)
        for part in rest:
            await self._rest(chat, reply, part)

    async def _to_picture(self, chat: str, reply: Reply, message: str, picture: Picture) -> None:
        caption, rest = captioned(spoken(reply))
        markup = keyboard(chat, reply, self._sign)
        edit = partial(self._edit_media, message=message, caption=caption, markup=markup)
        await self._shown(chat, reply, picture, edit)
        await self._rest(chat, reply, rest)

    async def _edit_text(self, chat: int, message: str, text: str, markup: InlineKeyboardMarkup | None) -> None:
        await self._bot.edit_message_text(
            text, chat, int(message), reply_markup=markup, link_preview_options=NO_PREVIEW, **SENDING
        )

    async def _edit_caption(self, chat: int, message: str, caption: str, markup: InlineKeyboardMarkup | None) -> None:
        await self._bot.edit_message_caption(chat, int(message), caption=caption, reply_markup=markup, **SENDING)

    async def _edit_media(
        self, chat: int, picture: Picture, message: str, caption: str, markup: InlineKeyboardMarkup | None
    ) -> Message:
        edited = await self._bot.edit_message_media(
            picture.media(caption), chat_id=chat, message_id=int(message), reply_markup=markup, **UPLOADING
        )
        return cast("Message", edited)  # True only for messages that were sent through somebody's inline query

    # -- calls --------------------------------------------------------------------------------------------------------

    async def _through(
        self, chat: str, urgency: Urgency, ask: Asking[T], cost: int = 1, patience: float | None = None
    ) -> T:
        """When its turn has come. After a flood a reply is tried again; news come back by themselves."""
        patience = PATIENCE[urgency] if patience is None else patience
        until = self._clock.steady() + round(patience * SECOND)
        while True:
            left = (until - self._clock.steady()) / SECOND
            try:
                return await self.pacing.through(chat, urgency, partial(self._ask, chat, ask), cost, left)
            except Flooded as flood:
                over = self._clock.steady() + flood.retry_after * SECOND
                if over > until or RANK[urgency] >= RANK["progress"]:
                    raise

    async def _ask(self, chat: str, ask: Asking[T]) -> T:
        """The call itself, with its fate in the house's words. A group that has moved is followed."""
        try:
            try:
                return await ask(int(await self._where(chat)))
            except ChatMigrated as moved:
                await self._follow(chat, str(moved.new_chat_id))
                return await ask(moved.new_chat_id)
        except EndPointNotFound as unknown:
            raise await self._fate_of_unknown(unknown) from None
        except TelegramError as error:
            raise fate(error) from None  # what the library says may have our token in it

    async def _fate_of_unknown(self, unknown: EndPointNotFound) -> Exception:
        """Nothing at all is known of a bot whose token is malformed; whoever knows the bot lacks only the method."""
        try:
            await self._bot.get_me(**SENDING)
        except EndPointNotFound:
            return fate(InvalidToken())
        except TelegramError:
            return NotSent()  # which of the two it is shows the next time
        return fate(unknown)

    async def _where(self, chat: str) -> str:
        """Only a plain group can have moved; it is looked up once."""
        if not chat.startswith("-") or chat.startswith("-100"):
            return chat
        if chat not in self._moved:
            row = await self._table.get(moved_key(chat))
            self._moved[chat] = row.text("to") if row else chat
        return self._moved[chat]

    async def _follow(self, chat: str, to: str) -> None:
        self._moved[chat] = to
        await self._table.write(Change(moved_key(chat), set={"to": to}, or_create=True))

    # -- once ---------------------------------------------------------------------------------------------------------

    async def _before(self, chat: str, once: str) -> str | None:
        row = await self._table.get(once_key(chat, once))
        return row.text("message") if row else None

    async def _remember(self, chat: str, once: str, message: str) -> None:
        """It has arrived, so a table that cannot say so is no reason to send it again."""
        gone = self._clock.now() + REMEMBERED
        sent = Create(once_key(chat, once), {"message": message, "shelf": HANDLED, "due": gone})
        with suppress(Refused, TableUnavailable):
            await self._table.write(sent)


def answering(message: str) -> ReplyParameters | None:
    """An answer stands even where what it answers has been deleted."""
    return ReplyParameters(int(message), allow_sending_without_reply=True) if message else None


def number_of(message: Message) -> str:
    return str(message.message_id or "")


def once_key(chat: str, once: str) -> Key:
    return Key(f"CHAT#telegram:{chat}", f"ONCE#{once}")


def moved_key(chat: str) -> Key:
    return Key("MOVED#telegram", chat)
