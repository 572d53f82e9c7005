"""Double-entry books in any unit: account, transfer, entry, hold."""
