"""Message catalogues without gettext binaries: extract, update, convert, check, compile."""
