"""Pictures by people who mean no good, against a darkroom that has little memory and must not die of any of them."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from core.errors import NotAPicture, Unavailable
from infra.local.darkroom import MEMORY, MOST_SENT, PillowDarkroom
from infra.local.negative import look
from tests.hostile import KINDS, WEBP, flat, laid
from tests.pictures import a_png

OWN = 80 * 1024 * 1024  # bytes: the program and its libraries


async def test_each_is_taken_or_refused_with_a_reason_and_none_costs_the_process_its_life(tmp_path: Path) -> None:
    """All the address space there is is 512 MB, in which they are also worked on all at once."""
    await asyncio.to_thread(laid, tmp_path)

    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.hostile", str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()

    assert child.returncode == 0
    told = json.loads(said)
    assert told["fates"] == {name: fate for name, (_, fate) in KINDS.items()}
    assert len(KINDS) >= 33
    assert told["peak"] < MEMORY + OWN


async def test_a_large_webp_is_refused_by_its_head_alone() -> None:
    bomb = KINDS["webp of 40 million pixels"][0]()
    darkroom = PillowDarkroom()

    with pytest.raises(NotAPicture) as refused:
        await darkroom.admit(bomb)

    assert len(bomb) < 2_048
    assert refused.value.why == "pixels"
    darkroom.close()


async def test_what_does_not_fit_beside_others_waits_and_more_than_may_wait_are_told_so() -> None:
    one = flat(WEBP, "WEBP", lossless=True, method=0, quality=0)
    seen = look(one)
    assert seen
    darkroom = PillowDarkroom(memory=seen.weight(len(one)) + 1)

    done = await asyncio.gather(*(darkroom.admit(a_png()) for _ in range(MOST_SENT + 5)), return_exceptions=True)
    both = await asyncio.gather(darkroom.admit(one), darkroom.photo(one))

    assert sum(isinstance(one, Unavailable) for one in done) == 5
    assert both[0].width == 2_560
    assert await darkroom.admit(a_png())
    darkroom.close()


async def test_whoever_does_not_wait_any_more_leaves_no_memory_behind() -> None:
    one = flat(WEBP, "WEBP", lossless=True, method=0, quality=0)
    seen = look(one)
    assert seen
    darkroom = PillowDarkroom(memory=seen.weight(len(one)) + 1)

    for _ in range(3):
        gone = [asyncio.create_task(darkroom.photo(one)) for _ in range(3)]
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)

    assert (await darkroom.admit(one)).width == 2_560
    darkroom.close()
