"""What counts: records of service, their confirmation and verification."""
