"""What import-linter cannot say: doors between apps, and keys that never point up."""

from django.apps import apps
from django.conf import settings

from tests.house import source

# Beyond the doors of every app: value types and frames that all of them share.
SHARED = {
    "linbang.foundation.access": {"rules", "gates"},
    "linbang.foundation.people": {"rules"},
    "linbang.foundation.places": {"rules"},
    "linbang.foundation.audit": {"rules"},
    "linbang.foundation.ledger": {"rules"},
    "linbang.foundation.messaging": {"rules"},
    "linbang.foundation.shell": {"forms", "gates", "rules", "schemas", "templatetags", "context"},
}


def test_imports_across_apps_end_in_doors():
    wrong = []
    for module, path in source.product_modules():
        mine = source.app_of(module)
        # The top of the house (flow, web) ties everything together, the demo writes through doors.
        for name, line in source.imported_names(path):
            theirs = source.app_of(name)
            if theirs in {None, mine, name}:
                continue
            part = source.part_of(name)
            if part not in source.DOORS | SHARED.get(theirs, set()) | _mounts(module):
                wrong.append(f"{module}:{line} imports {name}")
    assert wrong == []


def _mounts(module: str) -> set[str]:
    # The API root mounts each app's router; the demo invents a past by each step's own rules.
    if module == "linbang.web.api":
        return {"api"}
    return {"rules"} if module.startswith("linbang.demo.") else set()


def test_foreign_keys_never_point_up():
    ranks = {app.split(".", 1)[1]: rank for rank, app in enumerate(settings.LINBANG_APPS)}
    upward = []
    for model in apps.get_models():
        mine = _rank(ranks, model)
        for field in model._meta.get_fields():
            if mine is None or not (field.is_relation and field.concrete and field.related_model):
                continue
            theirs = _rank(ranks, field.related_model)
            if theirs is not None and theirs > mine:
                upward.append(
                    f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
                )
    assert upward == []


def _rank(ranks: dict[str, int], model: type) -> int | None:
    return ranks.get(model._meta.app_config.name.removeprefix("linbang."))


def test_outcomes_hold_no_keys_to_each_other():
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("linbang.outcomes.")
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and field.related_model.__module__.startswith("linbang.outcomes.")
        and field.related_model._meta.app_label != model._meta.app_label
    ]
    assert crossing == []
