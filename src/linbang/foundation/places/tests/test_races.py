"""Two who add under one parent at once get two codes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.places import actions
from linbang.foundation.places.factories import COMMUNITY, make_region_tree
from linbang.foundation.places.tests.cast import CLERK, NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_grids_at_once_get_two_codes():
    make_region_tree()
    start = Barrier(2)

    def add(name):
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            grid = actions.add_grid(community_code=COMMUNITY, name=name, by=CLERK, now=NOW)
        finally:
            connection.close()
        return grid.pk

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(add, ["甲网格", "乙网格"]))

    assert codes == [COMMUNITY + "002", COMMUNITY + "003"]
