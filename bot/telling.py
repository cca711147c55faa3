"""Telling: news and kept pictures become replies, in the person's language, with everything that can be done next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import alarms, tools
from bot.captions import added, improved, quoted, said_of, sentence_of
from bot.channel import Heard
from bot.counter import Counter
from bot.receipts import Slip
from bot.replies import Choice, Reply, Shown
from bot.texts import Language, Said, admin, appealing, changing, length, linking, paying, refusals
from bot.texts import images as texts
from core.clock import MINUTE, SECOND, Clock
from core.drafts import Drafts
from core.errors import Unknown
from core.gallery import Image
from core.jobs import AS_TYPED, Job
from core.ledger import Ledger
from core.news import (
    ALARM,
    APPEAL_LOST,
    APPEAL_WON,
    GIVEN_BACK,
    GRANTED,
    IMAGE_CANCELLED,
    IMAGE_FAILED,
    IN_REVIEW,
    LINKED,
    PAID,
    REFUNDED,
    REFUSAL_WITHDRAWN,
    REPLACED,
    UNLINKED_HERE,
    UNLINKED_THERE,
    UPLOAD_WITHDRAWN,
    News,
)
from core.people import People
from core.prompts import Prompt
from core.studio import Terms
from payments.orders import Order

LONG_AGO = 30 * MINUTE
NEARLY_OUT = 3  # credits at which it is said
PRESSED = "~"  # how a press that nobody made is named; it comes after whatever its chat has sent


@dataclass(frozen=True, slots=True)
class Teller:
    """Finds the words, and the few facts they need."""

    people: People
    ledger: Ledger
    terms: Terms
    counter: Counter
    drafts: Drafts
    clock: Clock

    async def words(self, news: News, price: int, asker: str = "") -> Reply:
        """News without a picture, of all that was ordered together; in a group, to this one of it."""
        if news.kind == ALARM:
            return alarms.told(news, await self._admins(news))
        language = await self.language(news.person)
        free = await self._free(news.person)
        facts = {name: news.facts.get(name, "") for name in ("credits", "reason", "other", "detail", "appeal")}
        told = sentence(news, group=bool(asker))[language].format(price=price, free=free, code=news.job[-8:], **facts)
        return Reply(told, choices(news, language, price), owner=asker)

    # -- orders -----------------------------------------------------------------------------------------------------

    async def of_order(self, news: News, order: Order) -> Reply:
        """What has become of a payment."""
        slip = await self.slip(order, news.channel, news.at)
        if news.kind == REPLACED:
            return slip.replaced()
        return await self.receipt(slip) if news.kind == PAID else slip.reply()

    async def slip(self, order: Order, channel: str, now: int) -> Slip:
        language, free = await self.language(order.person), await self._free(order.person)
        return Slip(order, language, self.counter.page(order.ref, language), channel, now, free)

    async def receipt(self, slip: Slip) -> Reply:
        """A prompt that was saved goes on from here: by itself for whoever never wants to be asked, else by one tap."""
        person = await self.people.person(slip.order.person)
        draft = await self.drafts.of(person.id)
        if draft is None or not draft.waits:
            return slip.receipt()
        if person.asks == "never" and draft.runs_by_itself(slip.now):
            return slip.receipt(slip.say(paying.GOES_ON))
        go = Choice(refusals.CONTINUE[slip.language], action=f"go:{draft.key}")
        return slip.receipt(choices=(go,))

    async def bell(self, news: News, order: Order) -> Reply | None:
        """An edit of a message from long ago is seen by nobody."""
        if news.kind not in (PAID, IN_REVIEW, REFUNDED) or news.at < order.created + LONG_AGO:
            return None
        language = await self.language(news.person)
        return Reply(paying.NEWS_ABOVE[language].format(ref=order.ref))

    async def goes_on(self, news: News) -> Heard | None:
        """The press that somebody who never wants to be asked is spared."""
        person = await self.people.person(news.person)
        draft = await self.drafts.of(person.id)
        here = [one for one in person.addresses if (one.channel, one.chat) == (news.channel, news.chat)]
        if person.asks != "never" or draft is None or not draft.runs_by_itself(news.at) or not here:
            return None
        return Heard(here[0], f"{PRESSED}{news.id}", action=f"go:{draft.key}", language=person.language)

    async def _admins(self, news: News) -> Language:
        """The language of the admin whose chat it is."""
        person = await self.people.find(news.channel, news.chat)
        return person.language if person else "vi"

    # -- pictures ---------------------------------------------------------------------------------------------------

    async def picture(self, image: Image, job: Job, data: bytes | None) -> Reply:
        """A result: the caption with what it took, and the buttons. In a group nobody reads what is in a purse."""
        language, free = await self.language(image.person), await self._free(image.person)
        facts = {"took": length((job.ended - job.created) / SECOND, language), "price": image.price, "free": free}
        ready = texts.READY_IN_GROUP if job.asker else texts.READY
        text = ready[language].format(**facts, **said_of(image)) + added(image, language)
        low = f"\n{texts.LOW[language]}" if free <= NEARLY_OUT and not job.asker else ""
        return Reply(
            text + low,
            self.buttons(image, language),
            data,
            hung(image, language),
            alt=alt_of(image, language),
            owner=job.asker,
        )

    async def sheet(self, images: Sequence[Image], jobs: Sequence[Job], data: bytes | None) -> Reply:
        """Several results as one contact sheet, to pick from."""
        first, lost = images[0], [job for job in jobs if job.state in ("failed", "cancelled")]
        language, free = await self.language(first.person), await self._free(first.person)
        facts = {"count": len(images), "price": sum(image.price for image in images), "free": free}
        ready = texts.SHEET_IN_GROUP if jobs[0].asker else texts.SHEET_READY
        text = ready[language].format(**facts, words=quoted(first)) + added(first, language)
        gone = texts.SHEET_LOST[language].format(lost=len(lost), price=sum(job.price for job in lost))
        return Reply(
            f"{text}\n{gone}" if lost else text,
            self.picks(images, language),
            data,
            alt=alt_of(first, language),
            sheet=jobs[0].sheet,
            size=sheet_size(images),
            owner=jobs[0].asker,
        )

    async def done_above(self, person: str, message: str) -> Reply:
        """For a picture whose coming nobody was told of."""
        return Reply(texts.BELL[await self.language(person)], answers=message)

    def part(self, done: int, count: int, language: Language) -> Reply:
        return Reply(texts.SHEET_PART[language].format(done=done, count=count))

    def picks(self, images: Sequence[Image], language: Language) -> tuple[Choice, ...]:
        """U takes one, V has four more drawn from it."""
        four = 4 * self._price(images[0])
        takes = [Choice(f"U{number}", action=f"show:{image.id}") for number, image in enumerate(images, 1)]
        varies = [
            Choice(f"V{number} · {four}", action=f"four:{image.id}:{four}") for number, image in enumerate(images, 1)
        ]
        return (*takes, *varies, filling(images[0].prompt_, language))

    def shown(self, image: Image, language: Language, data: bytes | None = None) -> Reply:
        """One picture again, with its buttons."""
        text = texts.SHOWN[language].format(**said_of(image)) + added(image, language)
        return Reply(text, self.buttons(image, language), data, hung(image, language), alt=alt_of(image, language))

    def buttons(self, image: Image, language: Language) -> tuple[Choice, ...]:
        one = self._price(image)
        star = "unstar" if image.favourite else "star"

        def button(name: str, *more: object, price: int = 0) -> Choice:
            action = ":".join(str(part) for part in (name, image.id, *more))
            return Choice(texts.BUTTONS[name][language].format(price=price), action=action)

        anew = (button("again", one, price=one), button("four", 4 * one, price=4 * one)) if self._draws(image) else ()
        plain = (button("plain", one, price=one),) if anew and improved(image) else ()
        return (
            *anew,
            filling(image.prompt_, language),
            button("original"),
            button("recipe"),
            button(star),
            button("delete"),
            *self._tools(image, language),
            *plain,
        )

    def _tools(self, image: Image, language: Language) -> tuple[Choice, ...]:
        """The way to all of them, and the one that is asked for most."""
        found = tools.offered(self.terms, image, self.clock.now())
        now = self.clock.now()
        quick = [tools.button(self.terms, tool, image, language, now) for tool in found if tool.name == tools.QUICK]
        more = [Choice(changing.MORE[language], action=f"tools:{image.id}")] if found else []
        return (*more, *quick)

    def _draws(self, image: Image) -> bool:
        """Whether the same order would give another picture."""
        model = self.terms.catalogue.models.get(image.model)
        return model is None or model.draws

    async def language(self, person: str) -> Language:
        return (await self.people.person(person)).language

    def _price(self, image: Image) -> int:
        """What another one like it costs today."""
        model = self.terms.catalogue.models.get(image.model)
        return self.terms.price(model) if model else image.price

    async def _free(self, person: str) -> int:
        try:
            return (await self.ledger.purse(person)).free
        except Unknown:
            return 0


BY_REASON: dict[str, Said] = {
    "blocked": texts.JUDGED,
    "wordless": texts.WORDLESS,
    "untranslated": texts.UNTRANSLATED,
    "unread": texts.UNREAD,
}


def sentence(news: News, *, group: bool = False) -> Said:
    failed = texts.FAILED_IN_GROUP if group else texts.FAILED
    told = {
        IMAGE_FAILED: BY_REASON.get(str(news.facts.get("reason")), failed),
        IMAGE_CANCELLED: texts.CANCELLED,
        GIVEN_BACK: texts.GIVEN_BACK,
        GRANTED: admin.GRANT_TOLD,
        LINKED: linking.LINKED_TOLD,
        UNLINKED_HERE: linking.HAS_LEFT,
        UNLINKED_THERE: linking.WAS_LEFT,
        APPEAL_WON: appealing.WON,
        APPEAL_LOST: appealing.LOST,
        REFUSAL_WITHDRAWN: appealing.WITHDRAWN,
        UPLOAD_WITHDRAWN: appealing.UPLOAD_WITHDRAWN,
    }
    return told[news.kind]


def choices(news: News, language: Language, price: int) -> tuple[Choice, ...]:
    """Where nobody could translate the words, they may be painted as they were typed; a refusal has its appeal."""
    if news.kind == REFUSAL_WITHDRAWN:
        return (Choice(appealing.DRAW[language], action=f"allowed:{news.facts['appeal']}"),)
    if news.kind not in (IMAGE_FAILED, GIVEN_BACK):
        return ()
    if news.facts.get("reason") == "unread":
        return ()  # the same words would be no better known
    retry = Choice(texts.RETRY[language], action=f"retry:{news.job}")
    if news.facts.get("reason") == "blocked":
        group = news.facts.get("detail")
        return (retry, Choice(appealing.BUTTON[language], action=f"judged:{news.job}:{group}"))
    if news.facts.get("detail") != AS_TYPED:
        return (retry,)
    typed = Choice(texts.TYPED[language].format(price=price), action=f"typed:{news.job}:{price}")
    return (typed, retry)


def send_again(images: Sequence[Image], language: Language) -> Reply:
    """Where pictures may or may not have arrived, the person decides."""
    numbers = [f" {number}" for number, _ in enumerate(images, 1)] if len(images) > 1 else [""]
    labels = [f"{texts.AGAIN_BUTTON[language]}{number}" for number in numbers]
    buttons = (Choice(label, action=f"show:{image.id}") for label, image in zip(labels, images, strict=True))
    return Reply(texts.SEND_AGAIN[language], tuple(buttons))


def alt_of(image: Image, language: Language) -> str:
    return texts.ALT[language].format(words=quoted(image))


def hung(image: Image, language: Language) -> Shown:
    alt, action = alt_of(image, language), f"show:{image.id}"
    return Shown(image.id, image.person, alt, action, image.favourite, image.width, image.height)


def sheet_size(images: Sequence[Image]) -> tuple[int, int]:
    """Two in a row, as the darkroom lays them; all of an order have one ratio."""
    columns, rows = min(len(images), 2), (len(images) + 1) // 2
    return columns * images[0].width, rows * images[0].height


def filling(prompt: Prompt, language: Language) -> Choice:
    """The words go back into the input, with their flags but for the seed; of what a tool has made, the words alone."""
    return Choice(texts.BUTTONS["edit"][language], fill=sentence_of(reworded(prompt).anew()))


def reworded(prompt: Prompt) -> Prompt:
    """The prompt as somebody could have said it: of what a tool has made, the words alone."""
    return replace(prompt, model="", source="", ratio=Prompt("").ratio) if prompt.model in tools.MODELS else prompt
