"""A connection to the pages, whose two directions know nothing of each other.

Asyncio's streams end reading when writing fails; but who refuses an upload answers it, and goes.
"""

import asyncio
import socket

PIECE = 65_536


class Line:
    """One connection: what is sent, and what is heard up to a mark or a length."""

    def __init__(self, path: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        self._heard = bytearray()
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise

    async def send(self, piece: bytes) -> None:
        """Send all of it."""
        await self._loop.sock_sendall(self._socket, piece)

    async def until(self, mark: bytes, *, at_most: int) -> bytes:
        """Return what is heard up to a mark and with it. Raises EOFError if it never comes."""
        while (end := self._heard.find(mark)) < 0:
            if len(self._heard) > at_most:
                raise EOFError
            self._heard += await self._hear()
        return self._taken(end + len(mark))

    async def some(self, at_most: int) -> bytes:
        """Return what is heard next. Raises EOFError at the end."""
        if not self._heard:
            self._heard += await self._hear()
        return self._taken(at_most)

    def hang_up(self) -> None:
        """End both directions; whoever is listening hears the end."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the other side was first
            return

    def close(self) -> None:
        """Give the socket back; nobody may be sending or listening."""
        self._socket.close()

    async def _hear(self) -> bytes:
        piece = await self._loop.sock_recv(self._socket, PIECE)
        if not piece:
            raise EOFError
        return piece

    def _taken(self, count: int) -> bytes:
        taken = bytes(self._heard[:count])
        del self._heard[:count]
        return taken
