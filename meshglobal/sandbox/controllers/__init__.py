"""What makes an embedded cluster live: the controllers and the node that a real cluster has beside its API server.

Each module holds one controller: a pure core (given these objects, these must exist) and a thin class that asks for
it when something changed. `start` sets all of them to work on one cluster.
"""
