"""How Linbang runs: settings, URLs, processes and the embedded database."""
