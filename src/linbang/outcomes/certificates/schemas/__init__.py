"""The shapes that go out: paper, cards, workbooks, credentials and answers of the API."""
