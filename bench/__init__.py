"""Benchmarks: ratios to the engine's own limit, measured side by side in the same minutes."""
