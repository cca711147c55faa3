"""What a picture costs in credits, and that nothing is sold below the margin."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Catalogue
from core.prices import Rates, margin, price
from payments.packages import PACKAGES, TILLS, Package, Till, lowest_net_per_credit

NET = lowest_net_per_credit(PACKAGES, TILLS)
RATES = Rates(NET)
MODELS = Catalogue.open().models


@pytest.mark.parametrize(("model", "credits_"), [("pocket", 1), ("core", 3), ("sd35", 5), ("ultra", 8)])
def test_prices_at_26000_dong_a_dollar_and_half_on_top(model: str, credits_: int) -> None:
    assert price(MODELS[model], RATES) == credits_


def test_no_package_route_and_till_falls_below_the_margin() -> None:
    routes = [(model, route) for model in MODELS.values() for route in model.routes]

    for package, till, (model, route) in product(PACKAGES, TILLS, routes):
        earned = margin(route.usd_micros, price(model, RATES), package.net(till), RATES.vnd_per_usd)
        wanted = Fraction(RATES.margin + RATES.fees, 1_000_000)
        assert earned is None or earned >= wanted, f"{package} {till} {route.name}: {float(earned):.3f}"


def test_a_picture_that_costs_us_nothing_still_costs_a_credit() -> None:
    assert RATES.price(0) == 1
    assert margin(0, 1, NET, RATES.vnd_per_usd) is None


@given(
    st.lists(st.builds(Package, st.integers(10_000, 1_000_000), st.integers(1, 2_000)), min_size=1, max_size=4),
    st.integers(0, 400_000),
    st.integers(1, 2_000_000),
    st.integers(0, 3_000_000),
    st.integers(1_000, 60_000),
)
def test_the_price_is_the_least_that_keeps_the_margin(
    packages: list[Package], fee: int, usd_micros: int, share: int, vnd_per_usd: int
) -> None:
    rates = Rates(lowest_net_per_credit(packages, [Till("till", fee)]), vnd_per_usd, share, 0)

    credits_ = rates.price(usd_micros)

    assert credits_ * rates.net >= rates.due(usd_micros)
    assert credits_ == 1 or (credits_ - 1) * rates.net < rates.due(usd_micros)
