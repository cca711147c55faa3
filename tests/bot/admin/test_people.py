"""Admins and people: nobody without rights, a second tap for what matters, once, and every act in the log."""

import asyncio

import pytest

from bot.asking import COMMANDS
from core.addresses import Addresses, Rights, audit_owner
from core.clock import MINUTE
from core.ledger import MOST_CREDITS
from core.people import CONSENT_VERSION
from core.table import Row
from tests.house import Balance, Imagify, Speaker

ADMIN = sorted({one.name for one in COMMANDS.values() if one.rights != "none"})
YES = "Đúng, làm đi"


async def log(imagify: Imagify) -> list[Row]:
    """What admins did this month."""
    return await imagify.table.list(audit_owner(imagify.clock.now()))


async def deeds(imagify: Imagify) -> list[str]:
    return [row.text("what") for row in await log(imagify)]


# --- rights


def test_every_admin_command_is_only_for_who_is_asked_in_private() -> None:
    assert {"grant", "user", "ban", "unban", "jobs", "retry", "stats", "maintenance", "admin"} <= {*ADMIN}
    assert [name for name in ADMIN if not COMMANDS[name].private] == []


@pytest.mark.parametrize("name", ADMIN)
async def test_nobody_without_rights_can_use_a_command_of_admins(name: str, imagify: Imagify, an: Speaker) -> None:
    await an.says(f"/{name} {an.person.id} 100 a good reason")

    assert an.last_heard == "Lệnh này dành cho quản trị."
    assert await log(imagify) == []
    assert await imagify.balance(an) == Balance(free=5, held=0)


@pytest.mark.parametrize("name", ["grant", "maintenance"])
async def test_a_moderator_cannot_do_what_is_the_owners(name: str, imagify: Imagify, moderator: Speaker) -> None:
    await moderator.says(f"/{name} {moderator.person.id} 100 a good reason")

    assert moderator.last_heard == "Lệnh này dành cho quản trị."
    assert await imagify.balance(moderator) == Balance(free=0, held=0)


async def test_the_menu_shows_each_admin_what_they_may_do(owner: Speaker, moderator: Speaker) -> None:
    await owner.says("/admin")
    await moderator.says("/admin")

    assert "/grant NGƯỜI CREDIT LÝ_DO" in owner.last_heard
    assert "/grant" not in moderator.last_heard
    assert "/ban NGƯỜI LÝ_DO" in moderator.last_heard


async def test_an_admin_is_not_obeyed_in_a_group(imagify: Imagify, an: Speaker) -> None:
    crowd = await imagify.newcomer(chat="1", group="-100")
    await imagify.house.people.agree(crowd.person, CONSENT_VERSION, "telegram")

    await crowd.says(f"/grant {an.person.id} 100 a good reason")

    assert crowd.last_heard == "Nhắn riêng cho mình nhé."


# --- grant


async def test_who_is_given_credits_hears_of_it_once(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 sorry for the wait")
    await owner.presses("Đúng, làm đi")
    await imagify.settles()

    heard = [shown.text for shown in an.heard]

    assert heard.count("🎁 Bạn được cộng 100 credit: sorry for the wait") == 1


async def test_a_grant_wants_a_second_tap(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 sorry for the wait")
    assert owner.last_heard == f"Chắc chứ? Cộng 100 credit cho {an.person.id}. Lý do: sorry for the wait"
    assert await imagify.balance(an) == Balance(free=5, held=0)

    await owner.presses(YES)

    assert owner.last_heard == f"Đã cộng 100. Số dư của {an.person.id}: 105."
    assert await imagify.balance(an) == Balance(free=105, held=0)


async def test_a_grant_is_logged_with_who_whom_and_why(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 sorry for the wait")
    await owner.presses(YES)

    (noted,) = await log(imagify)
    assert noted.text("who") == imagify.house.addresses.key(owner.address).owner
    assert (noted.texts("whom"), noted.text("reason")) == ([an.person.id], "100: sorry for the wait")


async def test_a_person_can_be_named_by_an_address(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant telegram:{an.address.id} 7 a present")
    await owner.presses(YES)

    assert await imagify.balance(an) == Balance(free=12, held=0)


async def test_a_yes_that_is_delivered_twice_grants_once(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 once")
    yes = owner.word(action=owner.button(YES).action)

    await imagify.handles(imagify.house, yes)
    await imagify.handles(imagify.house, yes)

    assert await imagify.balance(an) == Balance(free=105, held=0)
    assert await deeds(imagify) == ["grant"]


async def test_a_yes_pressed_in_two_tabs_at_once_grants_once(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 once")
    yes = owner.button(YES).action

    await asyncio.gather(*(imagify.handles(imagify.house, owner.word(action=yes)) for _ in range(4)))

    assert await imagify.balance(an) == Balance(free=105, held=0)
    assert await deeds(imagify) == ["grant"]


async def test_a_second_yes_is_told_that_it_was_done(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 once")
    await owner.presses(YES)

    await owner.presses(YES)

    assert owner.last_heard == "Lệnh này đã làm rồi hoặc đã quá hạn."
    assert await imagify.balance(an) == Balance(free=105, held=0)


async def test_a_yes_that_comes_too_late_does_nothing(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 once")
    imagify.clock.skip(10 * MINUTE)

    await owner.presses(YES)

    assert owner.last_heard == "Lệnh này đã làm rồi hoặc đã quá hạn."
    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_a_yes_to_an_older_question_does_nothing(imagify: Imagify, owner: Speaker, an: Speaker) -> None:
    await owner.says(f"/grant {an.person.id} 100 first")
    older = owner.button(YES).action
    await owner.says(f"/grant {an.person.id} 200 second")

    await owner.acts(older)

    assert await imagify.balance(an) == Balance(free=5, held=0)


async def test_an_owners_button_is_of_no_use_to_anybody_else(
    imagify: Imagify, owner: Speaker, moderator: Speaker, an: Speaker
) -> None:
    await owner.says(f"/grant {an.person.id} 100 once")
    yes = owner.button(YES).action

    await an.acts(yes)
    await moderator.acts(yes)

    assert (an.last_heard, moderator.last_heard) == (
        "Lệnh này dành cho quản trị.",
        "Lệnh này đã làm rồi hoặc đã quá hạn.",
    )
    assert await imagify.balance(an) == Balance(free=5, held=0)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "Cách dùng: /grant NGƯỜI CREDIT LÝ_DO"),
        ("{an} 100", "Cách dùng: /grant NGƯỜI CREDIT LÝ_DO"),
        ("{an} much a reason", "much không phải số credit hợp lệ."),
        ("{an} -5 a reason", "-5 không phải số credit hợp lệ."),
        ("{an} 0 a reason", "0 không phải số credit hợp lệ."),
        (f"{{an}} {MOST_CREDITS + 1} a reason", f"{MOST_CREDITS + 1} không phải số credit hợp lệ."),
        (f"{{an}} {'9' * 5_000} a reason", "99999999 không phải số credit hợp lệ."),
        ("NOBODY 5 a reason", "🔎 Không tìm thấy NOBODY của bạn."),
        ("telegram:404 5 a reason", "🔎 Không tìm thấy telegram:404 của bạn."),
    ],
)
async def test_a_grant_that_makes_no_sense_is_refused_with_the_reason(
    words: str, answer: str, owner: Speaker, an: Speaker
) -> None:
    await owner.says(f"/grant {words.format(an=an.person.id)}")

    assert owner.last_heard == answer


# --- a person


async def test_a_person_is_shown_with_what_they_have_and_no_more_of_their_address_than_needed(
    imagify: Imagify, moderator: Speaker
) -> None:
    mai = await imagify.meets(gift=5, chat="5550123")
    await mai.says("mèo")
    await imagify.settles()

    await moderator.says(f"/user {mai.person.id}")

    (job,) = await mai.jobs()
    assert "Credit: 4 (4 tặng, 0 giữ)" in moderator.last_heard
    assert job.id in moderator.last_heard
    assert "telegram …123" in moderator.last_heard
    assert "5550123" not in moderator.last_heard


# --- bans


async def test_a_banned_person_is_heard_no_more_until_the_ban_is_over(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    await moderator.says(f"/ban {an.person.id} spam")
    await moderator.presses(YES)
    await an.says("mèo")
    assert an.last_heard.startswith("🚫 Tài khoản chat này đã bị khoá. Lý do: spam\n")
    assert "/appeal" in an.last_heard
    assert "/mydata" in an.last_heard

    await moderator.says(f"/unban {an.person.id} said sorry")
    await moderator.presses(YES)
    await an.says("mèo")

    assert len(await an.jobs()) == 1
    assert await deeds(imagify) == ["ban", "unban"]


async def test_a_ban_is_shown_with_its_day_its_reason_and_who_said_it(
    owner: Speaker, moderator: Speaker, an: Speaker
) -> None:
    await moderator.says(f"/user {an.person.id}")
    assert "Bị khoá" not in moderator.last_heard
    await moderator.says(f"/ban {an.person.id} spam")
    await moderator.presses(YES)

    await owner.says(f"/user {an.person.id}")

    assert owner.last_heard.endswith("🚫 Bị khoá từ 07:00 01/01/2027 · lý do: spam · bởi telegram …")
    assert moderator.address.masked == "telegram …"


async def test_the_banned_are_listed_once_each_and_nobody_else(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    binh = await imagify.meets()
    for one in (an, binh):
        await moderator.says(f"/ban {one.person.id} spam")
        await moderator.presses(YES)
    await moderator.says(f"/unban {binh.person.id} said sorry")
    await moderator.presses(YES)

    await moderator.says("/banned")
    assert moderator.last_heard.startswith("🚫 Đang bị khoá: 1\n")
    assert an.person.id in moderator.last_heard
    await moderator.says(f"/unban {an.person.id} said sorry")
    await moderator.presses(YES)
    await moderator.says("/banned")

    assert moderator.last_heard == "Không ai bị khoá."


async def test_a_ban_and_when_it_began_outlive_a_change_of_the_secret(workshop: Imagify) -> None:
    an, owner = await workshop.meets(), await workshop.meets(chat="1")
    await workshop.house.addresses.ban(an.address, reason="spam", actor=owner.address)
    began = workshop.clock.now()
    table, clock, chance = workshop.table, workshop.clock, workshop.house.ports.chance

    admins: dict[tuple[str, str], Rights] = {("telegram", "1"): "owner"}
    renewed = Addresses(table, clock, chance, (b"another secret", b"a secret"), admins)
    await renewed.find(an.address)

    (ban,) = await renewed.bans()
    assert (ban.person, ban.reason, ban.since) == (an.person.id, "spam", began)
    by = await renewed.admin_at(ban.by)
    assert by
    assert by.same(owner.address)


async def test_a_ban_that_was_not_confirmed_bans_nobody(imagify: Imagify, moderator: Speaker, an: Speaker) -> None:
    await moderator.says(f"/ban {an.person.id} spam")

    await an.says("mèo")

    assert len(await an.jobs()) == 1
    assert await log(imagify) == []


# --- who is meant


async def test_a_person_is_found_by_whatever_they_read_of_themselves(
    imagify: Imagify, moderator: Speaker, an: Speaker
) -> None:
    order = await an.pays()
    imagify.painter.declines("a forbidden thing")
    await an.says("mèo")
    await an.says("a forbidden thing")
    await imagify.settles()
    kept, failed = await an.jobs()
    await imagify.house.people.claim_email(an.person, "an@example.com")
    person = await imagify.house.people.verify_email(await imagify.house.people.person(an.person.id))

    for word in (
        person.id.lower(),
        f"Telegram:{an.address.id}",
        order.ref,
        order.ref.lower()[-8:],
        kept.id,
        failed.id[-8:],
        "An@Example.com",
    ):
        await moderator.says(f"/user {word}")
        assert moderator.last_heard.startswith(f"👤 {person.id}"), word


@pytest.mark.parametrize("word", ["nobody", "telegram:0", "an@nowhere.example", "12345678", "@", ":"])
async def test_whoever_is_not_found_is_said_to_be_unknown(word: str, moderator: Speaker) -> None:
    await moderator.says(f"/user {word}")

    assert moderator.last_heard.startswith("🔎 Không tìm thấy")


# --- before the notice


async def test_rights_do_not_wait_for_the_notice_and_its_owner_paints_only_after_it(imagify: Imagify) -> None:
    owner = await imagify.newcomer(chat="1")

    await owner.says("/stats")
    assert owner.last_heard.startswith("📊")
    await owner.says("mèo")

    assert owner.buttons == ["Đồng ý", "Xem chính sách", "Không"]


async def test_somebody_without_rights_reads_the_notice_whatever_they_ask_for(imagify: Imagify) -> None:
    mai = await imagify.newcomer()

    await mai.says("/stats")

    assert mai.buttons == ["Đồng ý", "Xem chính sách", "Không"]
