"""Refusals: expected outcomes that tell a person what happened and what to do next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Root of every refusal.

    ``code`` is stable and public; ``message`` is translatable and says what to do next;
    ``field`` names the input at fault, if one is; ``retry_after_seconds`` says when waiting helps.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("现在不能这样做，请刷新页面后再试。")
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code)

    @property
    def facts(self) -> Mapping[str, object]:
        """What a machine is told besides the code and the words."""
        return {}

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)

    @property
    def problems(self) -> list[dict[str, str]]:
        """The reasons one by one, each with field, code and detail; none for most refusals."""
        return []


class NotAllowed(Refused):
    """The actor lacks the permission for this; pages show 404 before it can be raised."""

    code = "not_allowed"
    status = 403
    message = _("您没有这项操作的权限，请联系所在社区服务站。")


class NotFound(Refused):
    """The thing does not exist, or may not be seen by this actor."""

    code = "not_found"
    status = 404
    message = _("没有找到，可能已被处理或您无权查看。")


class UnreadableBody(Refused):
    """The body of an API call is not what the operation reads."""

    code = "unreadable"
    status = 400
    message = _("有些内容没有填对，请按提示修改。")


class TooBusy(Refused):
    """More people ask at once than are served; nothing is known to have been done."""

    code = "too_busy"
    status = 503
    retry_after_seconds = 1
    message = _("现在办理的人太多，请稍等几秒再试一次。")


class NotReady(Refused):
    """The pages are being started or renewed."""

    code = "not_ready"
    status = 503
    retry_after_seconds = 2
    message = _("系统正在启动或更新，请稍等几秒再试一次。")


class KeyReused(Refused):
    """The idempotency key came back with different content."""

    code = "idempotency_key_reused"
    message = _("这次提交与之前的一次编号相同但内容不同，请重新填写后提交。")


@contextmanager
def refusing(by_constraint: Mapping[str, type[Refused]]) -> Iterator[None]:
    """Turn a broken constraint into its refusal, by constraint name; anything else rises.

    Use inside ``transaction.atomic`` blocks of its own: PostgreSQL aborts the transaction
    that broke the constraint.
    """
    try:
        yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        name = getattr(diagnostics, "constraint_name", None)
        refusal = by_constraint.get(name) if name else None
        if refusal is not None:
            raise refusal from error
        raise
