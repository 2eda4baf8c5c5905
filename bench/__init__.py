"""Measures the speed of the product beside two floors, in one run: `make bench`. See docs/performance.md."""
