"""Say in one line what is missing before anything is set up. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed, this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0])
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("This Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv")
