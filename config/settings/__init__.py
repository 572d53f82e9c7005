"""Settings: ``base`` is shared; choose ``production``, ``demo`` or ``test``."""
