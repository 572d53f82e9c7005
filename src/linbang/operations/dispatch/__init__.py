"""Who goes: candidates with reasons, offers, assignments and commitments."""
