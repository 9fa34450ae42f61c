from __future__ import annotations

import os

# Whoever runs the tests may have a locale without the signs that they look for.
os.environ["LC_ALL"] = "C.UTF-8"
