"""Message catalogues without gettext binaries: extract, update, make Traditional, check, compile."""
