#!/usr/bin/env python3
"""Django's command line."""

import sys

from config.cli import run

if __name__ == "__main__":
    run(sys.argv)
