"""What every step stands on."""
