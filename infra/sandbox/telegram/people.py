"""People, and what they do: write, press, send pictures, pay, block, come back; and the groups they meet in."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from infra.sandbox.deeds import Impossible
from infra.sandbox.telegram.asked import Upload, Wire
from infra.sandbox.telegram.chats import Chat, Message
from infra.sandbox.telegram.stars import STARS, TO_CHECK, Invoice, Payment, Row
from infra.sandbox.telegram.world import ANONYMOUS, AS_CHANNEL, OUTSIDE, Bot, Query, Robot, Someone, World

LONGEST_PAYLOAD = 64


@dataclass(slots=True)
class Pressed:
    """What came of pressing a button."""

    query: str = ""
    url: str = ""  # where the button leads; then no bot is told
    copied: str = ""  # what it put on the clipboard
    text: str = ""  # what the bot answered
    alert: bool = False
    payment: Payment | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, said: Wire) -> None:
        self.text, self.alert, self.url = said["text"], said["alert"], said["url"]
        self.answered.set()


@dataclass(frozen=True, slots=True)
class Group:
    world: World
    room: Chat

    @property
    def id(self) -> int:
        return self.room.id

    @property
    def messages(self) -> list[Message]:
        return self.room.messages

    @property
    def owner(self) -> Wire:
        """Who founded it; the anonymous admin, where nobody is left."""
        owners = (self.world.user(one) for one, status in self.room.members.items() if status == "creator")
        return next((one for one in owners if one), ANONYMOUS)

    def adds(self, *who: "Bot | Person") -> None:
        for one in who:
            if isinstance(one, Bot):
                self.world.told_member(self.room, self.world.robot(one.id), self.owner, "member")
            else:
                self.room.members[one.id] = "member"
            self.world.say(self.room, self.owner, {"new_chat_members": [self.world.user(one.id)]})

    def removes(self, who: "Bot | Person") -> None:
        if isinstance(who, Bot):
            self.world.told_member(self.room, self.world.robot(who.id), self.owner, "kicked")
        else:
            self.room.members[who.id] = "kicked"
        self.world.say(self.room, self.owner, {"left_chat_member": self.world.user(who.id)})

    def promotes(self, who: "Bot | Person") -> None:
        if isinstance(who, Bot):
            self.world.told_member(self.room, self.world.robot(who.id), self.owner, "administrator")
        else:
            self.room.members[who.id] = "administrator"

    def upgrades(self) -> "Group":
        """To a supergroup, under another number; the old one is left behind with a word of where it went."""
        old = self.room
        new = self.world.open_group(old.id - 1_001_000_000_000, old.title, "supergroup")
        new.members = dict(old.members)
        self.world.say(old, self.owner, {"migrate_to_chat_id": new.id})
        old.upgraded_to = new.id
        self.world.say(new, self.owner, {"migrate_from_chat_id": old.id})
        return Group(self.world, new)


Place: TypeAlias = Chat | Group | Bot | None  # where somebody speaks; None: in private, with the first bot


@dataclass(frozen=True, slots=True)
class Person:
    world: World
    known: Someone

    @property
    def id(self) -> int:
        return self.known.id

    @property
    def stars(self) -> int:
        return self.known.stars

    def chat(self, place: Place = None) -> Chat:
        if isinstance(place, Group):
            return place.room
        if isinstance(place, Chat):
            return place
        return self.world.private_chat(self._robot(place).id, self.id)

    def _robot(self, bot: Bot | None) -> Robot:
        return self.world.robot(bot.id) if bot else next(iter(self.world.robots.values()))

    # -- saying

    async def says(
        self,
        text: str,
        place: Place = None,
        *,
        to: Message | None = None,
        anonymous: bool = False,
        channel: Chat | None = None,
    ) -> Message:
        """`to`: in reply. In a group also as its anonymous admin, or in the name of a channel."""
        return self._say({"text": text}, place, to, anonymous=anonymous, channel=channel)

    async def replies(self, to: Message, text: str) -> Message:
        return self._say({"text": text}, to.chat, to)

    async def starts(self, payload: str = "", place: Place = None) -> Message:
        """Presses START, perhaps by a deep link; that also takes a block away."""
        if len(payload) > LONGEST_PAYLOAD:
            raise Impossible("a deep link carries 64 letters at most")
        bot = place if isinstance(place, Bot) else None
        if self.chat(place).private:
            await self.returns(bot)
        return self._say({"text": f"/start {payload}".strip()}, place, None)

    async def sends_photo(
        self, data: bytes, caption: str = "", place: Place = None, *, to: Message | None = None
    ) -> Message:
        return self._say(self._file("photo", Upload(data, "photo.jpg", "image/jpeg"), caption, place), place, to)

    async def sends_document(
        self, data: bytes, name: str, mime: str = "application/octet-stream", caption: str = "", place: Place = None
    ) -> Message:
        return self._say(self._file("document", Upload(data, name, mime), caption, place), place, None)

    async def sends_album(self, pictures: Iterable[bytes], caption: str = "", place: Place = None) -> list[Message]:
        group, sent = self.world.next_id(), list[Message]()
        for data in pictures:
            body = self._file("photo", Upload(data, "photo.jpg", "image/jpeg"), "" if sent else caption, place)
            sent.append(self._say({**body, "media_group_id": group}, place, None))
        return sent

    def _file(self, kind: str, upload: Upload, caption: str, place: Place) -> Wire:
        """A file belongs to the bot that is to read it: the first one in the chat."""
        chat = self.chat(place)
        bot = chat.bot or next((one.id for one in self.world.robots.values() if one.id in chat.members), 0)
        files = self.world.files
        body = files.photo(bot, upload) if kind == "photo" else files.document(bot, upload)
        return {**body, **({"caption": caption} if caption else {})}

    def _say(
        self,
        body: Wire,
        place: Place,
        to: Message | None,
        *,
        anonymous: bool = False,
        channel: Chat | None = None,
    ) -> Message:
        chat = self.chat(place)
        self._can_speak(chat)
        sender, sender_chat = self.known.wire, None
        if anonymous:
            sender, sender_chat = ANONYMOUS, chat.wire
        elif channel:
            sender, sender_chat = AS_CHANNEL, channel.wire
        return self.world.say(chat, sender, body, reply_to=to, sender_chat=sender_chat)

    def _can_speak(self, chat: Chat) -> None:
        if self.known.gone or chat.members.get(self.id, "left") in OUTSIDE or chat.upgraded_to:
            raise Impossible(f"{self.known.first_name} cannot write here")
        if chat.private and chat.members[chat.bot] == "kicked":
            raise Impossible(f"{self.known.first_name} has blocked the bot; `returns` takes that back")

    async def edits(self, message: Message, text: str) -> None:
        name = "text" if "text" in message.body else "caption"
        message.edit({**message.body, name: text}, self.world.clock.date())
        self.world.spread(message, "edited_message")
        self.world.changed()

    async def deletes(self, message: Message) -> None:
        """For both sides; no bot is told."""
        message.chat.remove(message)
        self.world.changed()

    async def reacts(self, message: Message, emoji: str) -> None:
        """A bot hears of it only if it asked to."""
        for robot in self.world.hearers(message):
            body = {
                "chat": message.chat.wire,
                "message_id": message.id,
                "user": self.known.wire,
                "date": int(self.world.clock.date()),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}],
            }
            robot.updates.tell("message_reaction", body, f"chat {message.chat.id}", message.chat.id)

    # -- pressing

    async def presses(self, button: str, message: Message | int | None = None, place: Place = None) -> Pressed:
        """By its text or its data; without a message the newest that has such a button."""
        found, pressed = self._button(button, message, place)
        if "url" in pressed:
            return Pressed(url=pressed["url"])
        if "copy_text" in pressed:
            return Pressed(copied=pressed["copy_text"]["text"])
        if "pay" in pressed:
            return Pressed(payment=await self.pays(found))
        if "callback_data" not in pressed:
            raise Impossible(f"a button like {button} does nothing here")
        return self._asks(found, pressed["callback_data"])

    def _button(self, button: str, message: Message | int | None, place: Place) -> tuple[Message, Wire]:
        chat = message.chat if isinstance(message, Message) else self.chat(place)
        self._can_speak(chat)
        looked = [self._message(chat, message)] if message is not None else chat.newest_first()
        for one in looked:
            for known in one.buttons:
                if button in {known["text"], known.get("callback_data")}:
                    return one, known
        raise Impossible(f"there is no button {button}")

    def _message(self, chat: Chat, message: Message | int) -> Message:
        found = chat.find(message.id if isinstance(message, Message) else message)
        if found is None:
            raise Impossible("the message is gone")
        return found

    def _asks(self, message: Message, data: str) -> Pressed:
        pressed = Pressed(self.world.next_id())
        bot = int(message.sender["id"])
        self.world.ask(Query(pressed.query, bot, self.id, self.world.clock.now(), pressed.answer))
        body = {
            "id": pressed.query,
            "from": self.known.wire,
            "message": message.wire(),
            "chat_instance": f"{abs(message.chat.id) * 7919}",
            "data": data,
        }
        self.world.robot(bot).updates.tell("callback_query", body, f"user {self.id}", message.chat.id)
        return pressed

    async def stops(self, place: Place = None) -> None:
        """Presses Stop on a draft that is streaming in."""
        chat = self.chat(place)
        draft, _, _ = chat.draft
        if not draft:
            raise Impossible("nothing is being written")
        chat.draft = (0, "", 0.0)
        body = {"chat": chat.wire, "draft_id": draft}
        self.world.robot(chat.bot).updates.tell("stopped_message_generation", body, f"chat {chat.id}", chat.id)

    # -- paying

    async def pays(self, invoice: Message | str) -> Payment:
        """An invoice in a chat, or by its link. Begins to: the bot is asked, and `payment.over` is set in the end."""
        bot, offer = self._offer(invoice)
        payment = Payment(self.world.next_id(), bot, self.id, offer)
        if self.known.stars < offer.stars:
            payment.end("refused", "too few Stars")
        elif self.world.faults.meet("payment_unchecked", "pre_checkout_query", self.id):
            self._pay(payment)
        else:
            self._check(payment)
        return payment

    def _offer(self, invoice: Message | str) -> tuple[int, Invoice]:
        if isinstance(invoice, str):
            known: Mapping[str, tuple[int, Invoice]] = self.world.links
            name = invoice.rpartition("$play")[2]
            if name in known:
                return known[name]
            raise Impossible("there is no such invoice")
        bot = int(invoice.sender["id"])
        offer = self.world.offers.get((bot, invoice.chat.id, invoice.id))
        if offer is None:
            raise Impossible("this is no invoice")
        return bot, offer

    def _check(self, payment: Payment) -> None:
        self.world.checks[payment.id] = (payment, partial(self._pay, payment))
        body = {
            "id": payment.id,
            "from": self.known.wire,
            "currency": STARS,
            "total_amount": payment.invoice.stars,
            "invoice_payload": payment.invoice.payload,
        }
        self.world.robot(payment.bot).updates.tell("pre_checkout_query", body, f"user {self.id}", self.id)
        self.world.agenda.after(TO_CHECK, partial(self._lapse, payment))

    async def _lapse(self, payment: Payment) -> None:
        if self.world.checks.pop(payment.id, None):
            payment.end("lapsed", "the bot did not answer in time")
            self.world.changed()

    def _pay(self, payment: Payment) -> None:
        world, offer = self.world, payment.invoice
        robot = world.robot(payment.bot)
        self.known.stars -= offer.stars
        payment.charge = f"stx{payment.id}{payment.bot}"
        robot.till.take(Row(payment.charge, offer.stars, world.clock.date(), self.known.wire, offer.payload))
        body = {
            "successful_payment": {
                "currency": STARS,
                "total_amount": offer.stars,
                "invoice_payload": offer.payload,
                "telegram_payment_charge_id": payment.charge,
                "provider_payment_charge_id": f"{self.id}_{payment.id}",
            }
        }
        message = world.put(world.private_chat(payment.bot, self.id), self.known.wire, body)
        self._tell_paid(message)
        payment.end("paid")

    def _tell_paid(self, message: Message) -> None:
        if self.world.faults.meet("payment_untold", "message", self.id):
            return
        self.world.spread(message, "message")
        if self.world.faults.meet("payment_doubled", "message", self.id):
            self.world.spread(message, "message")

    # -- leaving and coming back

    async def blocks(self, bot: Bot | None = None) -> None:
        robot = self._robot(bot)
        self.world.told_member(self.chat(bot), robot, self.known.wire, "kicked")

    async def returns(self, bot: Bot | None = None) -> None:
        """Takes a block back, if there is one."""
        robot, chat = self._robot(bot), self.chat(bot)
        if chat.members[robot.id] == "kicked":
            self.world.told_member(chat, robot, self.known.wire, "member")

    async def leaves_telegram(self) -> None:
        self.known.gone = True
        self.world.changed()
