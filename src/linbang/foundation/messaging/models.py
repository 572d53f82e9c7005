import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel
from linbang.foundation.messaging.choices import Channel, NoticeKind
from linbang.foundation.people.models import Person


class OutboxMessage(CellModel):
    """A message to the outside: written in the transaction that causes it, sent by a job.

    ``due_at`` is when it is tried next; a job that takes it moves it on, so a job that dies
    leaves nothing behind. Once sent, ``params`` are wiped where the backend says so.
    """

    key = models.CharField(max_length=80, db_collation="C")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = SealedTextField()
    template = models.CharField(max_length=40)
    params = SealedTextField(help_text="JSON")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    send_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("待发消息")
        constraints = [
            models.UniqueConstraint(fields=["cell", "key"], name="outbox_key_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(failed_at=None),
                name="outbox_is_sent_or_failed_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cell", "due_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="outbox_waiting",
            )
        ]


class Notice(CellModel):
    """One line in a person's inbox: a template and values, put into the reader's language."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("站内通知")
        constraints = [
            models.UniqueConstraint(fields=["cell", "person", "key"], name="notice_key_once")
        ]
        indexes = [
            models.Index(fields=["cell", "person", "-created_at"], name="notice_by_person"),
            models.Index(
                fields=["cell", "person"], condition=models.Q(read_at=None), name="notice_unread"
            ),
        ]
