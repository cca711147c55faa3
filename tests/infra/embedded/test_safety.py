"""The pocket judge claims nothing it cannot see."""

from infra.embedded.safety import PocketJudge


async def test_the_pocket_judge_lets_every_picture_through_even_what_is_none() -> None:
    await PocketJudge().judge(b"not even a picture")
