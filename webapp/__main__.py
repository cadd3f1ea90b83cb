"""`python -m stepscope.webapp` is `dashboard`."""

import sys

from .cli import main

sys.exit(main())
