"""Loaded by every Python below a test that takes the network away: only this machine can be reached."""

import socket

_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo
_LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "", None}


def _refuse(host):
    raise OSError(f"the network is off in this test: {host}")


def connect(self, address):
    if isinstance(address, tuple) and address[0] not in _LOCAL:
        _refuse(address[0])
    return _connect(self, address)


def getaddrinfo(host, *args, **kwargs):
    if host not in _LOCAL:
        _refuse(host)
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect, socket.getaddrinfo = connect, getaddrinfo
