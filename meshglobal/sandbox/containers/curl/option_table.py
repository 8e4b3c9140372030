"""curl's options: those that work here, and those that exist but cannot work in a container without files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Option:
    """One option that works here. `field` of `Options` takes its value; without one it is accepted and does nothing."""

    long: str
    short: str = ""
    field: str = ""
    kind: str = "flag"
    """flag, text, number (seconds, may have a fraction), count, rate, list (may be given several times), or ignored."""


OPTIONS: Final = (
    Option("verbose", "v", "is_verbose"),
    Option("include", "i", "shows_head"),
    Option("show-headers", "", "shows_head"),
    Option("insecure", "k"),
    Option("silent", "s", "is_silent"),
    Option("show-error", "S", "shows_error"),
    Option("fail", "f", "fails"),
    Option("fail-with-body", "", "fails_with_body"),
    Option("fail-early", "", "fails_early"),
    Option("head", "I", "is_head"),
    Option("get", "G", "is_get"),
    Option("location", "L", "follows"),
    Option("globoff", "g", "is_literal"),
    Option("http1.0", "0", "is_http_1_0"),
    Option("http1.1"),
    Option("ipv4", "4"),
    Option("no-buffer", "N"),
    Option("disable", "q"),
    Option("progress-meter", "", "has_meter"),
    Option("compressed-ssh"),
    Option("path-as-is", "", "keeps_path"),
    Option("keepalive"),
    Option("tcp-nodelay"),
    Option("tcp-fastopen"),
    Option("retry-connrefused", "", "retries_refused"),
    Option("retry-all-errors", "", "retries_all"),
    Option("version", "V", "shows_version"),
    Option("help", "h", "shows_help"),
    Option("url", "", "urls", "list"),
    Option("output", "o", "outputs", "list"),
    Option("header", "H", "headers", "list"),
    Option("request", "X", "method", "text"),
    Option("user-agent", "A", "user_agent", "text"),
    Option("referer", "e", "referer", "text"),
    Option("cookie", "b", "cookies", "list"),
    Option("user", "u", "user", "text"),
    Option("oauth2-bearer", "", "bearer", "text"),
    Option("range", "r", "range", "text"),
    Option("write-out", "w", "write_out", "text"),
    Option("dump-header", "D", "head_to", "text"),
    Option("noproxy", "", "", "ignored"),
    Option("rate", "", "rate", "rate"),
    Option("max-time", "m", "max_time", "number"),
    Option("connect-timeout", "", "connect_timeout", "number"),
    Option("max-redirs", "", "max_redirects", "count"),
    Option("retry", "", "retries", "count"),
    Option("retry-delay", "", "retry_delay", "number"),
    Option("retry-max-time", "", "retry_max_time", "number"),
    Option("data", "d", "data", "data"),
    Option("data-ascii", "", "data", "data"),
    Option("data-binary", "", "data", "data"),
    Option("data-raw", "", "data", "data"),
    Option("data-urlencode", "", "data", "data"),
    Option("json", "", "data", "data"),
)  # fmt: skip

UNSUPPORTED: Final = frozenset(
    """
    abstract-unix-socket alt-svc anyauth append aws-sigv4 ca-native cacert capath cert cert-status cert-type
    ciphers compressed config connect-to continue-at cookie-jar create-dirs create-file-mode crlf crlfile curves
    delegation digest disable-eprt disable-epsv dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url
    dump-ca-embed ech egd-file engine etag-compare etag-save expect100-timeout form form-string
    ftp-account ftp-pasv ftp-port haproxy-protocol hostpubmd5 hsts http0.9 http2 http2-prior-knowledge http3
    http3-only ignore-content-length interface ipfs-gateway ipv6 key key-type krb libcurl limit-rate list-only
    local-port location-trusted login-options mail-auth mail-from mail-rcpt manual max-filesize metalink negotiate
    netrc netrc-file netrc-optional next ntlm ntlm-wb output-dir parallel parallel-immediate parallel-max
    pass pinnedpubkey post301 post302 post303 preproxy progress-bar proto proto-default proto-redir proxy
    proxy-anyauth proxy-basic proxy-cacert proxy-cert proxy-header proxy-http2 proxy-insecure proxy-key proxy-user
    proxy1.0 proxytunnel pubkey quote random-file raw remote-header-name remote-name remote-name-all
    remote-time remove-on-error request-target resolve sasl-authzid service-name skip-existing socks4 socks4a
    socks5 socks5-hostname speed-limit speed-time ssl ssl-reqd sslv2 sslv3 stderr styled-output
    suppress-connect-headers telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsv1 tlsv1.0 tlsv1.1
    tlsv1.2 tlsv1.3 tr-encoding trace trace-ascii trace-config trace-ids trace-time unix-socket upload-file
    url-query use-ascii variable vlan-priority xattr
    """.split()  # noqa: SIM905 - a table of words reads better so
)
"""Options that curl has and that do not work here: they name files, sockets, other ways or protocols."""

UNSUPPORTED_LETTERS: Final = frozenset("acEFKlMnOpPQRtTUxyYzBCcjJ#Z:123")

BY_LONG: Final = {each.long: each for each in OPTIONS}
BY_SHORT: Final = {each.short: each for each in OPTIONS if each.short}
