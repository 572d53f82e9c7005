"""Pages of dispatch: a volunteer's invitations, and the dispatcher's board."""
