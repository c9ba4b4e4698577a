#!/bin/sh
# Follows the feed of security logs with curl (docs/feed.md#how-to-follow-it). Ask it for --help.
set -eu
LC_ALL=C
export LC_ALL

usage() {
  cat <<'EOF'
usage: follow.sh [--once] URL OUTPUT STATE

Appends each log of the feed at URL to OUTPUT exactly once, one JSON object a line. STATE is a file that holds
the length of OUTPUT and the cursor. It may be killed at any time: start it again with the same arguments, one at
a time. URL may have app_type, limit and start_time. EASYSEND_SECURITY_LOGS_API_KEY is the API key.

  --once   end when there is no more for now, instead of waiting for new logs

Exit status: 0 done, 1 OUTPUT or STATE cannot be used, 2 wrong arguments, 3 the service refuses the request.
Everything else is tried again.
EOF
}
stop() { # status, message
  echo "follow.sh: $2" >&2
  exit "$1"
}

once=no
case ${1-} in --help) usage; exit 0 ;; --once) once=yes; shift ;; esac
[ $# -eq 3 ] || { usage >&2; exit 2; }
url=$1 out=$2 state=$3
case $url in http://* | https://*) ;; *) stop 2 "not a URL: $url" ;; esac
[ -n "${EASYSEND_SECURITY_LOGS_API_KEY-}" ] || stop 2 'EASYSEND_SECURITY_LOGS_API_KEY is not set'
work=$state.work.$$
rm -rf "$state".work.* # of a run that was killed
mkdir "$work" || stop 1 "cannot write beside $state"
sleeping=
trap '[ -z "$sleeping" ] || kill "$sleeping" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

size() { echo $(($(wc -c <"$out"))); }
save() { # The new state replaces the old one whole, or not at all.
  { printf '%s\n%s\n' "$length" "$cursor" >"$state.new" && sync "$state.new" && mv "$state.new" "$state"; } ||
    stop 1 "cannot write $state"
}
pause() { sleep "$1" >/dev/null 2>&1 & sleeping=$!; wait "$sleeping" || :; sleeping=; }
header() { # its name in lower case
  awk -v name="$1:" 'tolower($1) == name { sub(/\r$/, ""); sub(/^[^:]*: */, ""); value = $0 } END { print value }' "$work/headers"
}
ask() { # Prints the status. The key is not among the arguments, where every user of the machine could read it.
  : >"$work/headers"; : >"$work/body"
  printf 'apiKey: %s\n' "$EASYSEND_SECURITY_LOGS_API_KEY" |
    curl --silent --show-error --compressed --connect-timeout 10 --max-time 60 --header @- \
      --header 'Accept: application/x-ndjson' --dump-header "$work/headers" --output "$work/body" \
      --write-out '%{http_code}' --get --data "cursor=$cursor" "$url"
}
is_whole() { [ -n "$(header feed-cursor)" ] && [ "$(header number-of-results)" = $(($(wc -l <"$work/body"))) ]; }

true >>"$out" || stop 1 "cannot write $out"
if [ -e "$state" ]; then { read -r length && read -r cursor; } <"$state" || stop 1 "cannot read $state"
else length=0 cursor=; [ ! -s "$out" ] || stop 1 "$out has logs, but $state does not exist"; save; fi
case $length in '' | *[!0-9]*) stop 1 "$state is damaged" ;; esac
[ "$(size)" -ge "$length" ] || stop 1 "$out is shorter than $state says"
dd if=/dev/null of="$out" bs=1 seek="$length" 2>/dev/null # cuts off what was written after the state

wait=1
while :; do
  if status=$(ask) && [ "$status" = 200 ] && is_whole; then
    length=$((length + $(wc -c <"$work/body")))
    # The shell itself writes, so that nothing writes any more once it is killed.
    [ ! -s "$work/body" ] || printf '%s\n' "$(cat "$work/body")" >>"$out"
    [ "$(size)" -eq "$length" ] && sync "$out" || stop 1 "cannot write $out"
    [ -z "$(header feed-gap)" ] || echo "follow.sh: logs may be missing since $(header feed-gap-since)" >&2
    cursor=$(header feed-cursor) wait=1
    save # only now: the logs are safe
    if [ -z "$(header link)" ]; then [ $once = no ] || exit 0; pause 5; fi
  else
    case $status in [34]??) case $status in 408 | 429) ;; *) stop 3 "status $status: $(cat "$work/body")" ;; esac ;; esac
    after=$(header retry-after)
    case $after in '' | *[!0-9]*) after=$wait ;; esac
    echo "follow.sh: no whole answer (status $status), trying again in $after s" >&2
    pause "$after"
    wait=$((wait < 16 ? wait * 2 : 30))
  fi
done
