from collections.abc import Iterator

import psycopg
import pytest

from config.front.database import conninfo
from tests.front.stage import MAKE_TABLE


@pytest.fixture
def table(db: None) -> Iterator[None]:
    """Make the table of these operations, and take it away again.

    Beside Django: what the front door writes is committed, and the next test must not find it.
    """
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(MAKE_TABLE)
        yield
        link.execute("DROP TABLE front_scratch")
