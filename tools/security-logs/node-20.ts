/** What the command uses and Node 20 does not have yet. The packed command runs there; the service does not. */
URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);
