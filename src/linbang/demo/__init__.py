"""The demo community: Xinzhu as published, with invented people."""
