"""The storms of linking at full size, as `./dev storm --only link` runs them."""

from tests.storms import guessing, link
from tests.storms.link_verdict import Tally
from tests.storms.sizes import Found, Size
from tests.storms.together import side_by_side


def stormed(size: Size, seed: int) -> Found:
    """A death at every point of a link and a parting, many by lot in a crowd of chats, and codes guessed for a day."""
    found = Found()
    points, lots = range(1, link.length() + 1, size.step), range(seed, seed + size.seeds)
    for what, die, deaths in (("single points", link.die_at, points), ("random seeds", link.die_by_lot, lots)):
        tally = Tally().add(side_by_side(die, deaths))
        found.lines += tally.lines(what)
        found.wrong += tally.named
    report = guessing.run(size.guessers, size.guessing_hours, seed)
    found.lines += report.lines()
    found.wrong += report.wrong()
    return found
