"""The operations that pass the turnstile. A step declares its own; here they are put together."""

from turnstile import Operation

OPERATIONS: tuple[Operation, ...] = ()
