"""How often somebody who asks for a picture waits for a store before they are told that it is queued."""

from tests.bench.trips import waited


def test_a_prompt_of_somebody_remembered_waits_twice() -> None:
    trips = waited(["/help", "mèo mướp đội nón lá"])

    assert trips[1] == 2  # all that is read, side by side; then the order. Nobody waits for the bell
