"""Only actions write; nobody else saves, creates, updates or deletes a row."""

import ast

from tests.house import source

WRITING_METHODS = {
    *("save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("acreate", "aupdate", "adelete", "asave", "abulk_create", "aget_or_create"),
}
# `update` and `delete` also belong to dictionaries, sets and caches: only on a queryset.
ON_QUERYSETS = {"update", "delete", "select_for_update"}
QUERYSET_WORDS = {"objects", "filter", "exclude", "all", "order_by", "select_related"}
MAY_WRITE = {"actions", "management"}


def test_only_actions_write():
    wrong = [
        f"{module}:{line} calls .{method}()"
        for module, path in source.product_modules()
        if source.part_of(module) not in MAY_WRITE and not module.startswith("linbang.demo")
        for method, line in _writes(path)
        # Reading under a lock is a query that an action asks for.
        if not (method == "select_for_update" and source.part_of(module) in {"queries", "models"})
    ]
    assert wrong == []


def _writes(path):
    for node in ast.walk(source.tree(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method = node.func.attr
        owner = node.func.value
        on_a_model = method in WRITING_METHODS and not _is_not_a_model(owner)
        if on_a_model or (method in ON_QUERYSETS and QUERYSET_WORDS & set(_chain(owner))):
            yield method, node.lineno


def _chain(node):
    """The attribute and call names a value was reached through."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        else:
            node = node.func


def _is_not_a_model(owner) -> bool:
    """Workbooks, documents and pictures are saved too, into memory."""
    return ast.unparse(owner).split(".")[0] in {
        "segno",
        "workbook",
        "document",
        "template",
        "image",
    }


def test_saves_name_their_fields():
    wrong = [
        f"{module}:{node.lineno}"
        for module, path in source.product_modules()
        if source.part_of(module) == "actions"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "save"
        and not any(word.arg in {"update_fields", "force_insert"} for word in node.keywords)
    ]
    assert wrong == []


def test_models_do_not_override_save_or_delete():
    wrong = [
        f"{module}.{node.name}.{method.name}"
        for module, path in source.product_modules()
        if source.part_of(module) == "models"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}
    ]
    assert wrong == []


def test_nothing_listens_to_signals():
    wrong = [
        f"{module}:{line} imports {name}"
        for module, path in source.product_modules()
        for name, line in source.imported_names(path)
        if name.startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert wrong == []


def test_models_have_no_default_ordering_and_no_automatic_times():
    from django.apps import apps

    ordered = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("linbang.") and model._meta.ordering
    ]
    automatic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("linbang.")
        for field in model._meta.fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert (ordered, automatic) == ([], [])


def test_only_the_edges_read_the_clock():
    edges = {
        *("views", "api", "jobs", "management", "admin", "middleware"),
        *("gates", "forms", "templatetags", "context", "backends"),
    }
    wrong = [
        f"{module}:{node.lineno}"
        for module, path in source.product_modules()
        if source.part_of(module) not in edges
        and not module.startswith(("linbang.demo", "linbang.foundation.clock"))
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"clock.now", "timezone.now", "datetime.now", "date.today"}
    ]
    assert wrong == []
