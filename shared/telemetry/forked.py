"""A worker's tasks run in forked children. Import this before anything that counts, and the worker tells their counts.

prometheus_client keeps counts in files of a folder if its variable names one at the moment it is imported.
"""

import atexit
import os
import shutil
import tempfile

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

if FOLDER not in os.environ:
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="belay-metrics-")
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
