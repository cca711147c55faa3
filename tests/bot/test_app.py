"""The composition root: what the settings become, and a house that opens, answers and closes in good order."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.app import audit_home, engine, open_house, open_workshop, plan
from bot.house import House
from bot.upkeep import answers
from core.errors import CannotStart, Unavailable
from core.models import Catalogue
from core.ports import Wing
from core.supervise import Crew
from core.table import Create, Key, TableUnavailable
from infra import embedded
from infra.embedded.home import Home
from tests.bot.homes import settings_of
from tests.house import POCKET, Imagify


@pytest.fixture
def wing(workshop: Imagify) -> Wing:
    return Wing(workshop.house.ports, "made by the wing", POCKET, alone=True)


# --- what the settings become


async def test_addresses_are_known_by_the_secret_that_was_set_and_by_the_one_of_the_home(wing: Wing) -> None:
    home = Path("unused")

    assert plan(settings_of(home), wing).secrets == (b"made by the wing",)
    assert plan(settings_of(home, secret="set"), wing).secrets == (b"set", b"made by the wing")
    assert plan(settings_of(home, secret="made by the wing"), wing).secrets == (b"made by the wing",)


async def test_people_who_were_met_before_a_secret_was_set_are_known_after_it(workshop: Imagify, wing: Wing) -> None:
    before = House(wing, plan(settings_of(Path("unused")), wing))
    met = await before.people.greet("telegram", "5550123", "vi")

    after = House(wing, plan(settings_of(Path("unused"), secret="set"), wing))

    assert (await after.people.greet("telegram", "5550123", "vi")).id == met.id
    assert len(await workshop.rows_named("PROFILE")) == 1


async def test_admins_limits_and_leases_are_those_of_the_settings(wing: Wing) -> None:
    settings = settings_of(Path("unused"), admins="telegram:7=owner,zalo:ab=moderator", open_sheets=9, lease=45)

    made = plan(settings, wing)

    assert made.admins == {("telegram", "7"): "owner", ("zalo", "ab"): "moderator"}
    assert made.terms.limits.open_sheets == 9
    assert made.lease == 45_000


async def test_a_higher_margin_is_a_higher_price(wing: Wing) -> None:
    core = Catalogue.open().models["core"]

    low, high = (plan(settings_of(Path("unused"), margin=margin), wing).terms.price(core) for margin in (0, 400))

    assert 1 <= low < high


async def test_a_model_is_asked_as_fast_as_the_quotas_of_the_account_allow(wing: Wing) -> None:
    usual = Catalogue.open().models

    models = plan(settings_of(Path("unused"), bedrock={"rates": "erase=0.2"}), wing).terms.catalogue.models

    assert [route.per_minute for route in models["erase"].routes] == [12.0] * len(usual["erase"].routes)
    assert models["erase"].title == usual["erase"].title
    assert models["core"] == usual["core"]


async def test_a_quota_of_a_model_that_nobody_knows_is_told_with_those_that_are_known(wing: Wing) -> None:
    with pytest.raises(CannotStart, match=r"IMAGIFY_BEDROCK__RATES names 'cor', which is none of pocket, core, "):
        plan(settings_of(Path("unused"), bedrock={"rates": "core=2,cor=1"}), wing)


@pytest.mark.parametrize(("workers", "hands"), [(0, 0), (1, 4), (3, 12)])
async def test_every_worker_has_four_hands(workers: int, hands: int, wing: Wing) -> None:
    made = plan(settings_of(Path("unused"), workers=workers), wing)

    assert made.hands == hands
    assert (House(wing, made).worker is None) == (hands == 0)


# --- a house on a real disk


async def test_an_open_house_answers_and_leaves_its_home_free(tmp_path: Path) -> None:
    async with open_house(settings_of(tmp_path)) as house, ClientSession(f"http://127.0.0.1:{house.port}") as session:
        pages = [await (await session.get(path)).text() for path in ("/healthz", "/readyz", "/metrics")]

    assert [page.split()[0] for page in pages[:2]] == ['{"alive":', '{"ready":']
    assert "imagify_waiting" in pages[2]
    Home.open(tmp_path).close()


async def test_metrics_may_have_a_port_of_their_own(tmp_path: Path, unused_port: int) -> None:
    settings = settings_of(tmp_path, metrics_port=unused_port)

    async with open_house(settings) as house, ClientSession() as session:
        public = await session.get(f"http://127.0.0.1:{house.port}/metrics")
        own = await session.get(f"http://127.0.0.1:{unused_port}/metrics")

    assert (public.status, own.status) == (404, 200)


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port


async def test_a_house_that_could_not_open_leaves_its_home_free(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    with pytest.raises(CannotStart, match=f"Port {port} is taken"):
        async with open_house(settings_of(tmp_path, port=port)):
            pass

    server.close()
    await server.wait_closed()
    Home.open(tmp_path).close()


async def test_workers_alone_are_for_a_house_past_one_machine(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="An embedded home is one process"):
        async with open_workshop(settings_of(tmp_path)):
            pass


async def test_a_home_that_a_newer_version_wrote_is_refused(tmp_path: Path) -> None:
    async with embedded.open(tmp_path) as wing:
        await wing.ports.table.write(Create(Key("META#SCHEMA", "META"), {"version": 100, "oldest": 99}))

    with pytest.raises(CannotStart, match="a newer Imagify"):
        async with open_house(settings_of(tmp_path)):
            pass


async def test_a_running_house_can_be_proved_from_outside(tmp_path: Path) -> None:
    async with open_house(settings_of(tmp_path)) as opened:
        person = await opened.house.people.greet("telegram", "1", "vi")
        await opened.house.ledger.deposit(person.id, 5, key="grant:1")

        report = await audit_home(tmp_path)

    assert report.clean
    assert (report.people, report.entries) == (1, 1)


# --- whether the stores answer


async def test_a_store_that_fails_or_hangs_does_not_answer(workshop: Imagify) -> None:
    async def fail(why: Exception) -> None:
        raise why

    assert await answers(workshop.table.get(Key("A", "B")))
    assert not await answers(fail(TableUnavailable("no disk")))
    assert not await answers(fail(Unavailable("outage", "no")))
    assert not await answers(fail(OSError("no disk")))
    assert not await answers(workshop.passes(60))


async def test_a_house_whose_stores_answer_is_ready(workshop: Imagify) -> None:
    assert await workshop.house.ready() == {"table": True, "blobs": True}


async def test_a_house_without_a_mouth_carries_nothing_and_answers_nobody(workshop: Imagify, wing: Wing) -> None:
    mute = House(wing, plan(settings_of(Path("unused")), wing))

    async with Crew(workshop.clock, wing.ports.chance) as crew:
        mute.enlist(crew)

        assert {"inbox", "courier telegram"}.isdisjoint(crew.failures)


@pytest.mark.parametrize(
    ("settings", "gives"),
    [({}, True), ({"bind": "0.0.0.0"}, False), ({"public_url": "https://imagify.example"}, False)],  # noqa: S104
)
async def test_a_chat_page_gives_welcome_credits_only_where_nobody_from_outside_gets_in(
    settings: dict[str, str], gives: bool, wing: Wing
) -> None:
    made = plan(settings_of(Path("unused"), **settings), wing)

    assert ("web" in made.givers) == gives
    assert {"telegram", "zalo"} <= made.givers


async def test_a_start_says_where_sqlite_is_one_that_can_lose_commits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    version, mended = engine()
    with caplog.at_level("INFO"):
        async with open_house(settings_of(tmp_path)):
            pass

    assert any(f"SQLite {version} can lose commits" in said for said in caplog.messages) is not mended
