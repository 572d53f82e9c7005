"""The operations that pass the turnstile. A step declares its own; here they are put together."""

from linbang.operations.dispatch import lanes as dispatch
from linbang.operations.service import lanes as service
from turnstile import Operation

OPERATIONS: tuple[Operation, ...] = (*dispatch.OPERATIONS, *service.OPERATIONS)
