"""The operations that pass the turnstile. A step declares its own; here they are put together.

Each is answered at the address of a page operation of the API, by the same SQL function: whoever
comes without a pass takes that way. A lane of its own comes with it, and a connection.
"""

from turnstile import Operation

OPERATIONS: tuple[Operation, ...] = ()
