"""What access does by the clock."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from linbang.foundation import clock
from linbang.foundation.access import actions


@app.periodic(cron="17 3 * * *")
@app.task(name="access.forget_the_old", queueing_lock="access.forget_the_old")
def forget_the_old(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    actions.forget_the_old(now=clock.now())
    call_command("clearsessions")
