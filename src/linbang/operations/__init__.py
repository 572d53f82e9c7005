"""Who may go, who goes, and what happened."""
