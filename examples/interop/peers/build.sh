#!/usr/bin/env bash
# Builds the foreign peers once: build.sh [go] [rust] [js]; without arguments all of them.
# One line for each: built, cached (its sources have not changed), or skipped because its toolchain is missing.
# A skip is a failure when CI=true or INTEROP_REQUIRED=true, a failed build always is.
# What it makes: .cache/go/peer, .cache/rust/peer, js/node_modules; the logs are .cache/NAME/build.log.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
failed=0

# One hash over the names and contents of a peer's sources.
sources_hash() {
  find "$1" -type d \( -name node_modules -o -name target \) -prune -o -type f -print |
    LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -d ' ' -f 1
}

build_go() {
  (cd go && go build -trimpath -ldflags '-s -w' -o ../.cache/go/peer .)
}

build_rust() {
  (cd rust && cargo build --release --locked --target-dir ../.cache/rust/target) &&
    ln -f .cache/rust/target/release/peer .cache/rust/peer
}

build_js() {
  (cd js && npm ci --no-audit --no-fund)
}

peer() {
  local name=$1 toolchain=$2 product=$3 stamp=".cache/$1/sources.sha256" log=".cache/$1/build.log" hash missing=""
  mkdir -p ".cache/$name"
  hash=$(sources_hash "$name")
  if [ -e "$product" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]; then
    echo "$name: cached"
    return
  fi
  for tool in $toolchain; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
  done
  if [ -n "$missing" ]; then
    echo "$name: skipped, not found:$missing"
    if [ "${CI:-}" = true ] || [ "${INTEROP_REQUIRED:-}" = true ]; then failed=1; fi
    return
  fi
  local start=$SECONDS
  if "build_$name" >"$log" 2>&1; then
    echo "$hash" >"$stamp"
    echo "$name: built in $((SECONDS - start)) s"
  else
    echo "$name: FAILED, the end of examples/interop/peers/$log:"
    tail -n 20 "$log"
    failed=1
  fi
}

[ $# -gt 0 ] || set -- go rust js
for name in "$@"; do
  case $name in
    go) peer go go .cache/go/peer ;;
    rust) peer rust cargo .cache/rust/peer ;;
    js) peer js "node npm" js/node_modules/.package-lock.json ;;
    *)
      echo "$name: no such peer; there are go, rust and js" >&2
      failed=1
      ;;
  esac
done
exit $failed
