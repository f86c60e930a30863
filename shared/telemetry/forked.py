"""A worker's tasks run in forked children. Import this before anything that counts, and the worker tells their counts.

prometheus_client keeps counts in files of a folder if its variable names one at the moment it is imported. Where nobody
asks for metrics, there is none: a worker that is killed leaves its folder behind.
"""

import atexit
import os
import shutil
import tempfile

FOLDER, PORT = "PROMETHEUS_MULTIPROC_DIR", "BELAY_METRICS_PORT"

if PORT in os.environ and FOLDER not in os.environ:
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="belay-metrics-")
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
