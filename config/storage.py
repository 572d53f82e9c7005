"""How production keeps static files: hashed and compressed, modules among them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]  # noqa: SLF001 - Django offers no other way to name the files


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Hash the files that our ES modules import too, so that each module finds the others.

    Ours alone: what packages bring has imports in its comments that lead nowhere.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("*/js/*.js", _IMPORTS)
