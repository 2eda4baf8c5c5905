"""`python -m safehouse ...` is `safehouse ...`."""

import sys

from safehouse.cli import main

if __name__ == "__main__":
    sys.exit(main())
