from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "linbang.foundation.access"
    verbose_name = _("账号与权限")

    def ready(self) -> None:
        from linbang.foundation.access.queries import accounts_named, names_of
        from linbang.foundation.audit.queries import Names, connect_names

        connect_names(Names(of=names_of, accounts=accounts_named))
