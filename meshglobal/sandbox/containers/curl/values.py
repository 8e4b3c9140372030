"""The variables of `-w`, from a transfer that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.curl.failures import Exit
    from meshglobal.sandbox.containers.curl.figures import Figures
    from meshglobal.sandbox.containers.curl.program import Given
    from meshglobal.sandbox.containers.curl.transfer import Transfer


def values_of(transfer: Transfer, code: Exit, message: str, given: Given) -> dict[str, str | int | float]:
    """Return variable -> value; floats are seconds."""
    head, url = transfer.head, transfer.url
    target = f"http://{url.authority}{url.target}" if url is not None else given.url
    status = head.status if head is not None else 0
    location = head.header("location") if head is not None else ""
    return {
        "http_code": status,
        "response_code": status,
        "http_version": head.version if head is not None else "0",
        "content_type": head.header("content-type") if head is not None else "",
        "redirect_url": url.joined(location) if url is not None and location else "",
        "method": transfer.method,
        "scheme": "http",
        "url": given.url,
        "url_effective": target,
        "urlnum": given.number,
        "errormsg": message,
        "exitcode": int(code),
        "ssl_verify_result": 0,
        "proxy_ssl_verify_result": 0,
        "http_connect": 0,
        "filename_effective": "",
        "referer": transfer.options.referer,
        **_of_connection(transfer),
        **_of_figures(transfer.figures),
    }


def _of_connection(transfer: Transfer) -> dict[str, str | int | float]:
    connection, url = transfer.connection, transfer.url
    return {
        "remote_ip": connection.address if connection is not None else "",
        "remote_port": url.port if connection is not None and url is not None else 0,
        "local_ip": transfer.process.address if connection is not None else "",
        "local_port": connection.local[1] if connection is not None else 0,
    }


def _of_figures(figures: Figures) -> dict[str, str | int | float]:
    return {
        "num_connects": figures.connects,
        "num_headers": figures.headers,
        "num_redirects": figures.redirects,
        "num_retries": 0,
        "size_download": figures.downloaded,
        "size_upload": figures.uploaded,
        "size_header": figures.head_size,
        "size_request": figures.request_size,
        "speed_download": figures.speed(figures.downloaded),
        "speed_upload": figures.speed(figures.uploaded),
        "time_namelookup": figures.name_known,
        "time_connect": figures.connected,
        "time_appconnect": 0.0,
        "time_pretransfer": figures.sending,
        "time_posttransfer": figures.sending,
        "time_starttransfer": figures.first_byte,
        "time_redirect": figures.redirected,
        "time_total": figures.total,
    }
