#!/usr/bin/env bash
# Find Chromium for the browser tests, or install it with apt where that is allowed.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium with apt for the browser tests"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  exit 0
fi
echo "The browser tests need Chromium, which is not installed here and cannot be installed without root." >&2
echo "Install it (on Debian or Ubuntu: sudo apt-get install chromium), then run make test again." >&2
exit 1
