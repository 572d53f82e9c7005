"""The database backend named in settings: ``ENGINE = "config.postgres"``."""

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """What our SQL may lean on."""

    # Grouping by the primary key alone leans on functional dependency, which a sharded table
    # (whose key is cell and id) does not offer (scale: "must appear in GROUP BY").
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with those features."""

    features_class = DatabaseFeatures
