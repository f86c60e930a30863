"""Ports on the loopback address."""

import socket
from contextlib import closing

import psutil

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def free_port_near(wanted: int, attempts: int = 50) -> int:
    """The wanted port or the nearest one above it that nobody holds."""
    candidates = range(wanted, min(wanted + attempts, 65_536))
    return next((port for port in candidates if is_free(port)), 0) or any_free_port()


def listens(pid: int, port: int) -> bool:
    """Whether this very process holds the port; whatever else may answer there does not count."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)
