from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linbang.demo.management.commands.screenshots import ITEM
from linbang.intake.needs.factories import make_catalogue
from linbang.intake.needs.models import ServiceItem


@pytest.mark.browser
def test_screenshots_say_when_no_demo_answers(tmp_path: Path) -> None:
    # The discard port: nobody listens.
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9"):
        call_command("screenshots", base="http://127.0.0.1:9", to=str(tmp_path))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_item_in_the_pictures_is_offered() -> None:
    make_catalogue()

    assert ServiceItem.objects.filter(name=ITEM, is_offered=True).count() == 1
