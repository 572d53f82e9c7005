"""The outbox, the channels it feeds, and the inbox of each person."""
