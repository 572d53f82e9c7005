"""What residents ask for: the service catalogue, requests and their life."""
