"""What schemathesis has to know of this API beyond docs/openapi.json."""

import json

import schemathesis

# Each of these needs two parameters, or a parameter and a header or the store, so that a schema of one cannot say it.
RULES_BETWEEN = {
    "invalid_window",
    "conflicting_parameters",
    "invalid_ocsf_version",
    "invalid_end",
    "invalid_cursor",
}


@schemathesis.deserializer("application/x-ndjson")
def read_lines(ctx, response):
    """The document describes lines as an array."""
    text = response.content.decode()
    if text and not text.endswith("\n"):
        raise ValueError("the last line does not end")
    return [json.loads(line) for line in text.splitlines()]


@schemathesis.check
def valid_values_are_accepted(ctx, response, case):
    """Takes the place of positive_data_acceptance, which knows no rules between parameters."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # Accept-Encoding may be any text, and some of them accept nothing. A valid rid can make a URL too long.
    if response.status_code in (200, 406, 414):
        return
    if response.status_code == 400 and response.request.method == "HEAD":
        return
    code = json.loads(response.content)["error"]["code"] if response.content else None
    assert response.status_code == 400 and code in RULES_BETWEEN, f"valid values are refused: {code}"
