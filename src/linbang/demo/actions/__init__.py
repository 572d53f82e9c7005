"""Load the demo community, set by set, in under half a minute."""

from linbang.demo.actions.loading import load_demo

__all__ = ["load_demo"]
