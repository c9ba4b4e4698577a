#!/usr/bin/env python3
"""usage: follow.py [--once] URL OUTPUT STATE

Appends each log of the feed at URL to OUTPUT exactly once, one JSON object a line. STATE is a file that holds
the length of OUTPUT and the cursor. It may be killed at any time: start it again with the same arguments, one at
a time. URL may have app_type, limit and start_time. EASYSEND_SECURITY_LOGS_API_KEY is the API key.

  --once   end when there is no more for now, instead of waiting for new logs

Exit status: 0 done, 1 OUTPUT or STATE cannot be used, 2 wrong arguments, 3 the service refuses the request.
Everything else is tried again.
"""
# docs/feed.md#how-to-follow-it
import gzip, http.client, json, os, sys, time, zlib
from urllib.request import HTTPRedirectHandler, Request, build_opener

def stop(status, message):
    print(message, file=sys.stderr if status else sys.stdout)
    sys.exit(status)

class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # it would send the API key to the other host

opener = build_opener(NoRedirect)

def ask(url, key, cursor):
    address = f"{url}{'&' if '?' in url else '?'}cursor={cursor}"
    headers = {"apiKey": key, "Accept": "application/json", "Accept-Encoding": "gzip"}
    with opener.open(Request(address, headers=headers), timeout=60) as response:
        body = response.read()
        if response.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        answer = json.loads(body)  # a cut one cannot be parsed
        if "cursor" not in answer:
            raise ValueError("not an answer of the feed")
        return answer

def save(path, length, cursor):  # the new state replaces the old one whole, or not at all
    with open(f"{path}.new", "w") as file:
        file.write(f"{length}\n{cursor}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)

def follow(url, output, state, once, key):
    if not os.path.exists(state):
        if os.path.exists(output) and os.path.getsize(output) > 0:
            raise ValueError(f"{output} has logs, but {state} does not exist")
        save(state, 0, "")
    with open(state) as file:
        length, cursor = int(file.readline()), file.readline().strip()
    with open(output, "ab") as file:
        if file.tell() < length:
            raise ValueError(f"{output} is shorter than {state} says")
        file.truncate(length)  # what was written after the state
        file.seek(length)  # truncating does not move the position, and an empty answer would save the old one
        wait = 1
        while True:
            try:
                answer = ask(url, key, cursor)
            except (OSError, EOFError, ValueError, zlib.error, http.client.HTTPException) as error:
                code = getattr(error, "code", 500)
                if code < 500 and code not in (408, 429):
                    stop(3, f"status {code}: {error.read().decode()}")
                after = getattr(error, "headers", {}).get("Retry-After") or ""
                pause = int(after) if after.isdigit() else wait
                print(f"follow.py: no whole answer ({error}), trying again in {pause} s", file=sys.stderr)
                time.sleep(pause)
                wait = min(2 * wait, 30)
                continue
            for event in answer["events"]:
                file.write(json.dumps(event, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            if answer.get("gap"):
                print(f"follow.py: logs may be missing since {answer.get('gap_since')}", file=sys.stderr)
            cursor, wait = answer["cursor"], 1
            save(state, file.tell(), cursor)  # only now: the logs are safe
            if not answer["has_more"]:
                if once:
                    return
                time.sleep(5)

arguments = sys.argv[1:]
if arguments == ["--help"]:
    stop(0, __doc__)
once = arguments[:1] == ["--once"]
key = os.environ.get("EASYSEND_SECURITY_LOGS_API_KEY")
if len(arguments) - once != 3 or not key or not arguments[once].startswith(("http://", "https://")):
    stop(2, __doc__)
try:
    follow(*arguments[once:], once, key)
except (OSError, ValueError) as error:
    stop(1, error)
