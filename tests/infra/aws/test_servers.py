"""What becomes of a test whose server has not been fetched."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from infra.aws.call import Place
from tests.servers import Missing, started


def missing_server() -> AbstractContextManager[Place]:
    raise Missing(Path("dynoxide"))


def test_a_missing_server_skips_its_tests_at_home_and_says_how_to_fetch_it() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"tests/servers\.sh"), started(missing_server, {}):
        pass


def test_a_missing_server_fails_where_everything_must_be_there() -> None:
    with pytest.raises(pytest.fail.Exception, match="dynoxide is not here"), started(missing_server, {"CI": "true"}):
        pass
