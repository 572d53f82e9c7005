import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.choices import (
    AttemptKind,
    CodePurpose,
    DirectoryKind,
    Role,
    SignInMethod,
)
from linbang.foundation.crypto import SealedTextField, blind_index
from linbang.foundation.db import CODE_COLLATION, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.places.models import Region


def phone_digest(phone: str) -> str:
    """Return the blind index under which a sign-in phone is found."""
    return blind_index(phone, purpose="access.phone")


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(phone_digest=phone_digest(username or ""))


class Account(CellModel, AbstractBaseUser):
    """What a person signs in with. The person is ``people.Person.account``'s other end."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone = SealedTextField()
    phone_digest = models.CharField(max_length=32, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password_set_at = models.DateTimeField(null=True, blank=True)
    sessions_valid_from = models.DateTimeField(null=True, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "phone_digest"

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return str(self.public_id)


class DirectoryEntry(models.Model):
    """What must be unique in the whole country, by keyed hash; the one table without a cell
    that grows (a sharded site distributes it by digest).
    """

    digest = models.CharField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=10, choices=DirectoryKind)
    cell = models.CharField(max_length=6, db_collation=CODE_COLLATION)
    owner_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("唯一性目录")


class SignInCode(CellModel):
    """A six-digit code sent by SMS; its hash is kept, never the code (rule 103)."""

    phone_digest = models.CharField(max_length=32)
    purpose = models.CharField(max_length=16, choices=CodePurpose)
    code_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("短信验证码")
        indexes = [
            models.Index(fields=["phone_digest", "-issued_at"], name="sign_in_code_by_phone")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="sign_in_code_expires_after_issue",
            ),
        ]


class SignInAttempt(models.Model):
    """One try to get in, by keyed hash of the number and by address; forgotten after a day.

    Numbers without an account are counted too, so that a lock tells nobody who is registered.
    """

    kind = models.CharField(max_length=10, choices=AttemptKind)
    phone_digest = models.CharField(max_length=32)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    failed = models.BooleanField()

    class Meta:
        verbose_name = _("登录尝试")
        indexes = [
            models.Index(fields=["phone_digest", "kind", "at"], name="sign_in_attempt_by_phone"),
            models.Index(fields=["address", "kind", "at"], name="sign_in_attempt_by_address"),
        ]


class Device(CellModel):
    """A browser somebody signed in with; ending it signs that browser out."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = CellForeignKey(Account, models.CASCADE, related_name="devices")
    method = models.CharField(max_length=10, choices=SignInMethod)
    name = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("登录设备")
        indexes = [models.Index(fields=["cell", "account", "-seen_at"], name="device_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen_at__gte=models.F("signed_in_at")),
                name="device_is_seen_after_sign_in",
            ),
        ]


class PassRevocation(CellModel):
    """The passes of one device, or all of an account, are good no more; kept while one could be.

    Serving processes read the whole of it every second: it holds minutes, not years.
    """

    account = CellForeignKey(Account, models.CASCADE, related_name="+")
    device = CellForeignKey(Device, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("通行凭证撤销")
        indexes = [models.Index(fields=["at"], name="pass_revocation_by_time")]


class SecondFactor(CellModel):
    """A TOTP secret; confirmed by its first right code. ``last_step`` stops replays."""

    account = CellOneToOneField(Account, models.CASCADE, related_name="second_factor")
    secret = SealedTextField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("第二因素")


class RecoveryCode(CellModel):
    """One single-use code for when the phone with the TOTP app is lost."""

    account = CellForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("恢复码")


class RoleGrant(CellModel):
    """A role held within one region subtree or one organisation subtree."""

    account = CellForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    # The organisation's path, not a key: organisations stand above access.
    organisation_path = models.CharField(max_length=120, blank=True, db_collation=CODE_COLLATION)
    granted_by = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("角色授予")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(region=None) & ~models.Q(organisation_path="")
                    | models.Q(region__isnull=False, organisation_path="")
                ),
                name="role_grant_has_exactly_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("granted_at")),
                name="role_grant_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["cell", "account", "role", "region", "organisation_path"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="role_grant_once_a_scope",
            ),
        ]
