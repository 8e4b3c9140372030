#!/usr/bin/env bash
# Install Debian's Chromium for the browser tests, where there is none. MESHGLOBAL_CHROMIUM names another one.
set -euo pipefail
chromium="${MESHGLOBAL_CHROMIUM:-/usr/bin/chromium}"
if [ -x "$chromium" ]; then exit 0; fi
if [ -n "${MESHGLOBAL_CHROMIUM:-}" ]; then
  echo "error: there is no program at $chromium, which MESHGLOBAL_CHROMIUM names" >&2
  exit 2
fi
if ! command -v apt-get >/dev/null; then
  echo "error: $chromium is missing, and without apt-get it cannot be installed here" >&2
  echo "hint: install Chromium or Chrome, and name its program in MESHGLOBAL_CHROMIUM" >&2
  exit 3
fi
if [ "$(id -u)" != 0 ]; then
  echo "error: $chromium is missing, and only root can install it" >&2
  echo "hint: sudo apt-get install chromium, or name another one in MESHGLOBAL_CHROMIUM" >&2
  exit 3
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet --quiet
apt-get install --quiet --quiet --yes --no-install-recommends chromium fonts-dejavu-core >/dev/null
[ -x "$chromium" ] || { echo "error: chromium was installed, but not as $chromium" >&2; exit 3; }
