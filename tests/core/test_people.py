"""People: met once, spoken to in their language, given once, and known again under a new secret."""

import asyncio

import pytest

from core.addresses import Address
from core.errors import BadAmount, NotAgreed, OtherFacts, TooLate, Unknown
from core.ledger import Ledger
from core.people import CONSENT_VERSION, People
from core.table import Change, Key, Table, Value, every
from tests.clocks import SetClock
from tests.core.rig import OWNER, House

AN = Address("telegram", "5550123", "5550123")


# -- meeting ---------------------------------------------------------------------------------------------------------


async def test_a_first_word_makes_a_person_with_an_empty_purse(people: People, ledger: Ledger) -> None:
    an = await people.greet(AN.channel, AN.id, "en")

    assert (an.status, an.language, an.agreed, an.addresses) == ("active", "en", False, (AN,))
    assert await people.find(AN.channel, AN.id) == an
    assert (await ledger.purse(an.id)).free == 0


async def test_somebody_met_before_keeps_their_language(people: People) -> None:
    first = await people.greet(AN.channel, AN.id, "vi")
    again = await people.greet(AN.channel, AN.id, "en")

    assert again == first


async def test_two_first_words_at_once_make_one_person(people: People, table: Table) -> None:
    met = await asyncio.gather(*(people.greet(AN.channel, AN.id, "vi") for _ in range(8)))

    assert len({person.id for person in met}) == 1
    assert sum(row.key.name == "PROFILE" for row in await table.walk(limit=1_000)) == 1


async def test_a_stranger_is_found_by_nobody(people: People) -> None:
    assert await people.find("zalo", "nobody") is None
    assert await people.find_by_email("nobody@example.vn") is None
    with pytest.raises(Unknown):
        await people.person("nobody")


async def test_the_same_number_on_another_channel_is_somebody_else(people: People) -> None:
    one = await people.greet("telegram", "77", "vi")
    other = await people.greet("zalo", "77", "vi")

    assert one.id != other.id


async def test_an_address_row_tells_nobody_who_it_is(house: House) -> None:
    await house.meet(AN.channel, AN.id, gift=10)

    leaks = [where for where in await house.said_anywhere(AN.id) if not where.endswith("PROFILE")]

    assert leaks == []


async def test_people_are_known_again_under_a_new_secret_with_all_that_stayed_with_their_address(
    house: House, table: Table
) -> None:
    an = await house.meet(AN.channel, AN.id, gift=10)
    await house.addresses.ban(AN, reason="spam", actor=OWNER)

    later = House.build(table, secrets=(b"a new secret", b"a secret"), like=house)
    met = await asyncio.gather(*(later.people.greet(AN.channel, AN.id, "vi") for _ in range(4)))

    assert {person.id for person in met} == {an.id}
    assert await later.addresses.banned(AN)
    assert (await later.people.gift(met[0], AN, 10, key="again")).already
    assert await house.people.find(AN.channel, AN.id) is None
    assert len([row for row in await table.walk(limit=1_000) if row.key.owner.startswith("ADDRESS#")]) == 1


async def test_a_strike_while_an_address_moves_under_a_new_secret_is_not_lost(house: House, table: Table) -> None:
    await house.meet(AN.channel, AN.id)
    later = House.build(table, secrets=(b"a new secret", b"a secret"), like=house)

    await asyncio.gather(
        later.people.greet(AN.channel, AN.id, "vi"), house.addresses.strike(AN, key="1", reason="weapons")
    )

    assert await later.addresses.strike(AN, key="2", reason="weapons") == 2


async def test_a_stranger_under_a_new_secret_is_met_like_any_other(house: House, table: Table) -> None:
    later = House.build(table, secrets=(b"a new secret", b"a secret"), like=house)

    met = await later.people.greet(AN.channel, AN.id, "vi")

    assert await later.people.find(AN.channel, AN.id) == met


# -- what they say of themselves -------------------------------------------------------------------------------------


async def test_a_language_once_chosen_stays(people: People) -> None:
    an = await people.greet(AN.channel, AN.id, "vi")

    changed = await people.speak(an, "en")

    assert changed.language == "en"
    assert await people.person(an.id) == changed


async def test_consent_is_kept_with_version_time_and_channel(people: People, clock: SetClock, table: Table) -> None:
    an = await people.greet(AN.channel, AN.id, "vi")
    then = clock.now()

    agreed = await people.agree(an, CONSENT_VERSION, "telegram")
    clock.pass_by(60)
    again = await people.agree(agreed, CONSENT_VERSION, "web")

    proofs = [row async for row in every(table, f"USER#{an.id}", "CONSENT#")]
    assert agreed.agreed
    assert agreed.consent == again.consent
    assert [dict(row.fields) for row in proofs] == [{"version": CONSENT_VERSION, "at": then, "channel": "telegram"}]


async def test_a_newer_notice_asks_everybody_again(people: People, table: Table) -> None:
    an = await people.greet(AN.channel, AN.id, "vi")
    older: dict[str, Value] = {"version": CONSENT_VERSION - 1, "at": 1, "channel": "web"}
    await table.write(Change(Key(f"USER#{an.id}", "PROFILE"), set={"consent": older}))

    asked = await people.person(an.id)

    assert not asked.agreed
    assert (await people.agree(asked, CONSENT_VERSION, "web")).agreed


# -- the gift --------------------------------------------------------------------------------------------------------


async def test_the_gift_comes_after_consent(people: People, ledger: Ledger) -> None:
    an = await people.greet(AN.channel, AN.id, "vi")

    with pytest.raises(NotAgreed):
        await people.gift(an, AN, 10, key="gift:1")

    assert (await ledger.purse(an.id)).gift == 0


async def test_the_gift_is_given_once_per_address_whatever_is_replayed(house: House) -> None:
    an = await house.meet(AN.channel, AN.id)

    first = await house.people.gift(an, AN, 10, key="gift:1")
    replay = await house.people.gift(an, AN, 10, key="gift:1")
    another = await house.people.gift(an, AN, 10, key="gift:2")

    assert [moved.already for moved in (first, replay, another)] == [False, True, True]
    assert (await house.ledger.purse(an.id)).gift == 10
    assert await house.balanced()


async def test_two_gifts_for_one_address_at_once_are_one(house: House) -> None:
    an = await house.meet(AN.channel, AN.id)

    moves = await asyncio.gather(*(house.people.gift(an, AN, 10, key=f"gift:{n}") for n in range(6)))

    assert [moved.already for moved in moves].count(False) == 1
    assert (await house.ledger.purse(an.id)).gift == 10


async def test_a_gift_cannot_be_taken_at_an_address_of_somebody_else(house: House) -> None:
    an, binh = await house.meet(AN.channel, AN.id), await house.meet("zalo", "900001")

    with pytest.raises(Unknown):
        await house.people.gift(binh, an.addresses[0], 10, key="gift:1")

    assert not (await house.people.gift(an, AN, 10, key="gift:2")).already


async def test_a_gift_under_a_used_key_with_another_amount_is_an_error(house: House) -> None:
    an = await house.meet(AN.channel, AN.id)
    await house.people.gift(an, AN, 10, key="gift:1")

    with pytest.raises(OtherFacts):
        await house.people.gift(an, AN, 11, key="gift:1")
    with pytest.raises(BadAmount):
        await house.people.gift(an, AN, -1, key="gift:3")


# -- strikes, bans, rights -------------------------------------------------------------------------------------------


async def test_a_strike_counts_once_under_its_key(house: House) -> None:
    counts = [await house.addresses.strike(AN, key=key, reason="weapons") for key in ("1", "1", "2")]

    assert counts == [1, 1, 2]


async def test_strikes_at_the_same_moment_all_count(house: House) -> None:
    await asyncio.gather(*(house.addresses.strike(AN, key=f"{n}", reason="weapons") for n in range(5)))

    assert await house.addresses.strike(AN, key="0", reason="weapons") == 5


async def test_a_ban_and_its_end_are_written_down_with_who_and_why(house: House, table: Table) -> None:
    an = await house.meet(AN.channel, AN.id)

    await house.addresses.ban(*an.addresses, reason="spam", actor=OWNER)
    assert await house.addresses.banned(AN)
    await house.addresses.unban(*an.addresses, reason="a mistake", actor=OWNER)
    assert not await house.addresses.banned(AN)

    log = [row async for row in every(table, "AUDIT#202611")]
    assert [(row.text("what"), row.text("reason")) for row in log] == [("ban", "spam"), ("unban", "a mistake")]
    assert {row.text("who") for row in log} == {house.addresses.key(OWNER).owner}
    assert log[0].texts("whom") == [house.addresses.key(AN).owner]


async def test_an_address_can_be_banned_before_it_ever_spoke(house: House) -> None:
    await house.addresses.ban(AN, reason="spam", actor=OWNER)
    await house.people.greet(AN.channel, AN.id, "vi")

    assert await house.addresses.banned(AN)


async def test_rights_belong_to_channel_and_id_by_setting_alone(house: House) -> None:
    assert house.addresses.rights("telegram", "1") == "owner"
    assert house.addresses.rights("zalo", "1") == "none"
    assert house.addresses.rights("telegram", "owner") == "none"


# -- e-mail ----------------------------------------------------------------------------------------------------------


async def test_a_person_is_found_by_e_mail_however_it_is_spelled(house: House) -> None:
    an = await house.meet(AN.channel, AN.id)

    claimed = await house.people.claim_email(an, " An.Nguyen@Example.VN ")

    assert (claimed.email, claimed.email_verified) == ("an.nguyen@example.vn", False)
    assert await house.people.find_by_email("an.nguyen@EXAMPLE.vn") == claimed
    assert (await house.people.verify_email(claimed)).email_verified


async def test_an_e_mail_is_one_person_s_however_many_claim_it_at_once(house: House) -> None:
    people = [await house.meet("web", f"web{number}000") for number in range(4)]

    ends = await asyncio.gather(
        *(house.people.claim_email(person, "an@example.vn") for person in people), return_exceptions=True
    )

    assert sum(isinstance(end, TooLate) for end in ends) == 3


async def test_of_two_e_mails_claimed_at_once_only_the_one_that_stands_is_taken(house: House, table: Table) -> None:
    an = await house.meet(AN.channel, AN.id)

    claims = (house.people.claim_email(an, "an@example.vn"), house.people.claim_email(an, "an@example.com"))
    ends = await asyncio.gather(*claims, return_exceptions=True)

    mails = [row.key.owner for row in await table.walk(limit=1_000) if row.key.owner.startswith("EMAIL#")]
    assert sum(isinstance(end, TooLate) for end in ends) == 1
    assert mails == [f"EMAIL#{(await house.people.person(an.id)).email}"]


async def test_a_changed_e_mail_is_free_for_others(house: House) -> None:
    an, binh = await house.meet(AN.channel, AN.id), await house.meet("zalo", "900001")
    an = await house.people.claim_email(an, "an@example.vn")

    moved = await house.people.claim_email(an, "an@example.com")
    taken = await house.people.claim_email(binh, "an@example.vn")

    assert await house.people.find_by_email("an@example.com") == moved
    assert await house.people.find_by_email("an@example.vn") == taken
    assert await house.people.claim_email(moved, "an@example.com") == moved


@pytest.mark.parametrize(
    "text", ["", "an", "an@", "@example.vn", "an@example", "a n@example.vn", "a@b@c.vn", "x" * 260]
)
async def test_what_is_no_e_mail_is_refused(house: House, text: str) -> None:
    an = await house.meet(AN.channel, AN.id)

    with pytest.raises(Unknown):
        await house.people.claim_email(an, text)
