"""One person once: identity, household, kin, consents and volunteer profile."""
