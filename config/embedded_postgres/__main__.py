"""The embedded server by hand: ``python -m config.embedded_postgres``."""

import sys
from pathlib import Path

from config.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, default_var


def main(words: list[str]) -> int:
    """Run ``python -m config.embedded_postgres start|stop|status|dsn [folder] [--test]``."""
    durable = "--test" not in words
    words = [word for word in words if word != "--test"]
    command = words[0] if words else "status"
    folder = Path(words[1]) if len(words) > 1 else default_var() / ("" if durable else "test")
    server = EmbeddedPostgres(folder.resolve(), durable=durable)
    try:
        if command == "start":
            server.start()
        elif command == "stop":
            server.stop()
        elif command not in ("status", "dsn"):
            print(main.__doc__, file=sys.stderr)
            return 2
        print(server.dsn() if command == "dsn" else server.status())
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
