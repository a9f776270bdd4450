"""A Sotkanet of our own on the loopback interface, which speaks the real protocol and can be told any fault.

with sotkanet_server() as server:
    settings.SOTKANET_BASE_URL = server.url
    server.fault = FAULTS["truncated"]      # for every request, until told otherwise
    server.fault, server.times = FAULTS["503"], 2      # for the next two requests only
    ...
    server.requests     # what was asked
"""

from tests.sotkanet.data import Data
from tests.sotkanet.faults import FAULTS, MATRIX, Fault
from tests.sotkanet.server import Server, sotkanet_server

__all__ = ["FAULTS", "MATRIX", "Data", "Fault", "Server", "sotkanet_server"]
