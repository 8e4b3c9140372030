"""The Global Services page: a web server on loopback for `meshglobal dashboard`.

One thread follows the clusters (`feed.py`), the hub (`hub.py`) keeps what they say and tells it to all pages.
`listener.py` alone knows aiohttp; handlers get an `Asked` and give an `Answer` or a `Stream`.
"""
