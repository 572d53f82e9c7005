"""How production keeps static files: hashed and compressed, modules among them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Hash the files that our ES modules import too, so that each module finds the others."""

    support_js_module_import_aggregation = True
