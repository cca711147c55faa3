"""What every test stands on: how hard hypothesis tries. Sockets stay on loopback by the options in pyproject.toml."""

import os

from hypothesis import HealthCheck, settings

# No deadline anywhere: two cores shared with a server say nothing about a single example.
settings.register_profile("home", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("storm", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "home"))
