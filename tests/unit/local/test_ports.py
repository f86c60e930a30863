import os
import socket
import subprocess
import sys

from infra.local.ports import LOOPBACK, any_free_port, free_port_near, is_free, listens


def test_a_held_port_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_a_free_port_is_taken_as_wanted() -> None:
    port = any_free_port()
    assert free_port_near(port) == port


def test_beside_a_held_port_the_next_free_one_is_chosen() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        held = server.getsockname()[1]
        chosen = free_port_near(held)
    assert chosen != held
    assert is_free(chosen)


def test_a_port_belongs_to_the_process_that_listens_there_and_to_no_other() -> None:
    waiting = [sys.executable, "-c", "input()"]
    with socket.create_server((LOOPBACK, 0)) as server, subprocess.Popen(waiting, stdin=subprocess.PIPE) as other:
        port = server.getsockname()[1]
        assert listens(os.getpid(), port)
        assert not listens(other.pid, port)
        other.kill()
    assert not listens(os.getpid(), port)
    assert not listens(other.pid, port)
