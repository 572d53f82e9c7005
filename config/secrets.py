"""Keys of the demo, made once and kept in the data folder for the owner's eyes only."""

import base64
import json
import os
import secrets
from pathlib import Path


def demo_secrets(var: Path) -> dict[str, str]:
    """Return the demo's keys, making them on first use; the file is 0600 from its birth."""
    # Signing came later than the first demos: it has a file of its own, and old ones stay valid.
    signing = {"signing_key": new_key()}
    return {**_kept(var / "secrets.json", _fresh()), **_kept(var / "signing.json", signing)}


def _kept(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(path, json.dumps(fresh, indent=2) + "\n")
    return dict(json.loads(path.read_text()))


def new_key() -> str:
    """Return a fresh 256-bit key in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _fresh() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(60),
        "encryption_key": new_key(),
        "index_key": new_key(),
    }


def _write_new(path: Path, content: str) -> None:
    # Two processes may start at once: write aside, then link; the first link wins whole.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
