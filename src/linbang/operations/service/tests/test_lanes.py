"""What the lanes of presence leave to the pages."""

import pytest

from linbang.operations.service.lanes import OPERATIONS
from turnstile import HandOver


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_presence_written_while_the_statement_ran_is_told_by_the_pages(operation):
    with pytest.raises(HandOver):
        operation.encode(("replayed", "row", None, None, "code", None, *[None] * 7))
