"""The front door: hot calls are answered here, everything else by the pages behind (ADR 0014)."""
