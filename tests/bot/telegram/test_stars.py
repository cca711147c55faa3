"""Stars against the played Telegram: from /topup to the receipt and the pictures, and all the way back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import pytest
from prometheus_client import Counter
from telegram import Bot

from bot.house import House
from bot.telegram.buttons import Buttons
from bot.telegram.channel import TelegramChannel
from bot.telegram.inlet import Inlet
from bot.telegram.stars import Line, Question
from bot.telegram.updates import Me, Update
from core.limits import Limits
from core.ports import Wing
from infra.sandbox.telegram import Chat, Message, Payment, Person
from payments.orders import LASTS, Order, Orders
from payments.stars import STARS, NotTold, StarsRow, StarsTill
from tests.bot.telegram.line import TOKEN, Phone, said
from tests.house import POCKET, Imagify, on_trial

BOT = TOKEN.partition(":")[0]
SECRET = b"a secret"
MOMENT = 12.0  # virtual seconds in which an answer is there


class Shop:
    """A house that sells in the played Telegram, with everything in it running."""

    def __init__(self, imagify: Imagify) -> None:
        self.imagify, self.phone = imagify, Phone(imagify)
        self.telegram, ports = self.phone.telegram, self.phone.ports
        self.bot = Bot(TOKEN, request=self.phone.line)
        buttons = Buttons((SECRET,))
        self.channel = TelegramChannel(self.bot, ports, buttons.data, self.phone.pacing)
        self.line = Line(self.bot)
        till = StarsTill(self.line, BOT, Orders(ports.table))
        wing, plan = Wing(ports, "", POCKET, alone=False), replace(on_trial(POCKET, Limits()), gift=2)
        self.house = House(wing, plan, (self.channel,), (imagify.till, till))
        imagify.house = self.house
        assert self.house.stars
        may_pay = Question(self.house.stars).answer
        taken = Counter("updates", "of a test", ["became"], registry=self.house.registry)
        self.inlet = Inlet(self.bot, self.house.inbox, ports.cache, buttons, taken, may_pay)

    async def hears(self) -> None:
        """Asks Telegram for what is new, again and again."""
        offset, me = 0, Me(int(BOT), "imagify_bot")
        while True:
            answer = await self.telegram.call(TOKEN, "getUpdates", {"offset": offset, "timeout": 20})
            updates = [Update.model_validate(one) for one in answer.body["result"]]
            await self.inlet.take_all(updates, me)
            offset = max((update.update_id + 1 for update in updates), default=offset)

    async def meets(self, number: int) -> "Customer":
        """Somebody who has agreed."""
        customer = Customer(self, self.telegram.person(number, "An", "vi"))
        await customer.does(customer.an.starts())
        await customer.presses("Đồng ý")
        return customer

    async def order(self, of: "Customer") -> Order:
        person = await self.house.people.find("telegram", str(of.an.id))
        assert person
        order = await self.house.cashier.orders.newest(person.id)
        assert order
        return order


class Customer:
    def __init__(self, shop: Shop, an: Person) -> None:
        self.shop, self.an = shop, an

    async def does(self, what: Awaitable[object]) -> None:
        """And sees what comes of it."""
        await what
        await self.shop.imagify.passes(MOMENT)

    async def says(self, text: str) -> None:
        await self.does(self.an.says(text))

    async def presses(self, label: str) -> None:
        """The newest button that begins like this."""
        texts = [one["text"] for message in self.chat.newest_first() for one in message.buttons]
        await self.does(self.an.presses(next(one for one in texts if one.startswith(label))))

    @property
    def chat(self) -> Chat:
        return self.shop.telegram.chat(self.an.id)

    @property
    def invoice(self) -> Message:
        """The newest."""
        return next(message for message in self.chat.newest_first() if "invoice" in message.body)

    @property
    def heard(self) -> list[str]:
        return [said(message) for message in self.chat.messages if said(message)]

    async def orders(self, vnd: str = "50k") -> Order:
        await self.says(f"/topup {vnd}")
        await self.presses("Telegram Stars")
        return await self.shop.order(self)

    async def pays(self, invoice: Message | None = None) -> Payment:
        payment = await self.an.pays(invoice or self.invoice)
        async with asyncio.timeout(60):
            await payment.over.wait()
        await self.shop.imagify.passes(MOMENT)
        return payment

    async def credits(self) -> int:
        person = await self.shop.house.people.find("telegram", str(self.an.id))
        assert person
        return (await self.shop.house.ledger.purse(person.id)).paid


@pytest.fixture
async def shop(workshop: Imagify) -> AsyncIterator[Shop]:
    shop = Shop(workshop)
    async with AsyncExitStack() as closing:
        for work in (shop.telegram.run(), shop.hears()):
            closing.push_async_callback(ended, asyncio.create_task(work))
        await workshop.opens(shop.house)
        yield shop
        await shop.inlet.close()
        await shop.channel.close()


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def an(shop: Shop) -> Customer:
    return await shop.meets(101)


async def test_from_topup_to_the_receipt_the_picture_and_all_the_way_back(shop: Shop, an: Customer) -> None:
    order = await an.orders()
    body = an.invoice.body["invoice"]
    assert (body["title"], body["total_amount"], body["currency"]) == ("Imagify: 55 credit", 167, "XTR")
    assert [one["text"] for one in an.invoice.buttons] == ["Trả 167 ⭐", "Huỷ"]

    payment = await an.pays()
    assert payment.state == "paid"
    assert await an.credits() == 55
    assert an.an.stars == 10_000 - 167
    assert an.heard[-1].startswith("🎉 Nạp thành công! +55 credit (167 ⭐).")

    await an.says("một con mèo")
    await shop.imagify.settles()
    assert any("photo" in message.body for message in an.chat.messages)

    owner = await shop.meets(1)
    await owner.says(f"/refund {order.ref} khách đổi ý")
    await owner.presses("Đúng, làm đi")
    await shop.imagify.settles()

    assert (await shop.order(an)).state == "refunded"
    assert an.an.stars == 10_000
    assert await an.credits() == 0
    assert any(text.startswith("↩️ Đã hoàn 167 ⭐ qua Telegram Stars") for text in an.heard)


async def test_a_payment_that_telegram_tells_twice_counts_once(shop: Shop, an: Customer) -> None:
    shop.telegram.faults.set("payment_doubled", times=1)
    await an.orders()

    await an.pays()

    assert await an.credits() == 55
    assert sum(text.startswith("🎉") for text in an.heard) == 1


async def test_a_payment_that_telegram_never_tells_of_is_found(shop: Shop, an: Customer) -> None:
    shop.telegram.faults.set("payment_untold", times=1)
    await an.orders()
    await an.pays()
    assert await an.credits() == 0

    await shop.imagify.passes(10 * 60)

    assert await an.credits() == 55
    assert (await shop.order(an)).source == "query"


async def test_a_stranger_cannot_pay_somebody_elses_invoice(shop: Shop, an: Customer) -> None:
    await an.orders()
    binh = await shop.meets(102)

    payment = await binh.pays(an.invoice)

    assert (payment.state, binh.an.stars) == ("refused", 10_000)
    assert payment.why.startswith("Hoá đơn này của người khác")


async def test_what_is_over_replaced_paid_or_cancelled_is_not_paid(shop: Shop, an: Customer) -> None:
    await an.orders()
    old = an.invoice
    await an.orders("100k")
    assert (await an.pays(old)).why.startswith("Đơn này đã được thay bằng đơn mới hơn.")

    assert (await an.pays()).state == "paid"
    assert (await an.pays()).why.startswith("Đơn này đã được trả rồi")

    await an.orders()
    await an.presses("Huỷ")
    assert (await an.pays()).why.startswith("Đơn này đã hết hạn hoặc đã huỷ.")

    await an.orders()
    await shop.imagify.passes(LASTS / 1_000)
    assert (await an.pays()).why.startswith("Đơn này đã hết hạn hoặc đã huỷ.")
    assert await an.credits() == 120


async def test_an_invoice_of_another_price_or_of_nothing_is_not_paid(shop: Shop, an: Customer) -> None:
    order = await an.orders()
    for ref, stars, why in ((order.ref, 1, "Giá của đơn này đã khác."), ("nothing", 167, "Không tìm thấy đơn này.")):
        await shop.telegram.call(
            TOKEN,
            "sendInvoice",
            {
                "chat_id": an.an.id,
                "title": "55",
                "description": "55",
                "payload": ref,
                "currency": STARS,
                "prices": [{"label": "55", "amount": stars}],
            },
        )

        payment = await an.pays()

        assert payment.state == "refused"
        assert payment.why.startswith(why)


async def test_stars_that_telegram_gives_back_by_itself_take_the_credits_back(shop: Shop, an: Customer) -> None:
    await an.orders()
    payment = await an.pays()

    await shop.telegram.call(
        TOKEN, "refundStarPayment", {"user_id": an.an.id, "telegram_payment_charge_id": payment.charge}
    )
    await shop.imagify.passes(MOMENT)

    assert await an.credits() == 0
    assert (await shop.order(an)).state == "refunded"


async def test_stars_given_back_after_their_credits_were_spent_freeze_the_purse(shop: Shop, an: Customer) -> None:
    owner = await shop.meets(1)
    await an.orders("20k")
    payment = await an.pays()
    person = await shop.house.people.find("telegram", "101")
    assert person
    for words in ("một con mèo", "một con chó", "một con gà"):  # two with the gift, one with what was paid for
        await an.says(words)
        await shop.imagify.settles()
    assert await an.credits() == 19

    await shop.telegram.call(
        TOKEN, "refundStarPayment", {"user_id": an.an.id, "telegram_payment_charge_id": payment.charge}
    )
    await shop.imagify.passes(10 * 60)

    assert (await shop.house.ledger.purse(person.id)).frozen
    assert sum(text.startswith("🧊 Telegram đã hoàn 67 ⭐") for text in owner.heard) == 1


async def test_what_telegram_says_of_stars_is_understood(shop: Shop, an: Customer) -> None:
    order = await an.orders()
    payment = await an.pays()

    told = await shop.line.refund("101", payment.charge)
    again = await shop.line.refund("101", payment.charge)
    unknown = await shop.line.refund("101", "nothing of the kind")

    assert (told.verdict, again.verdict, unknown.verdict) == ("sent", "sent", "rejected")
    first, second = [row for row in await shop.line.transactions(0, 100) if row]
    assert first == StarsRow(order.ref, "101", 167, payment.charge, at=first.at)
    assert (second.number, second.back) == (payment.charge, True)
    await shop.imagify.passes(MOMENT)
    shop.phone.line.breaks = ["silence"]
    assert (await shop.line.refund("101", payment.charge)).verdict == "unknown"
    shop.phone.line.breaks = ["silence"]
    with pytest.raises(NotTold):
        await shop.line.transactions(0, 100)
