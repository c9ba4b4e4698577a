/** What the command needs on Node 20. The packed command runs there; the service does not. */

// Node 22.1 has it.
URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);

// The AWS SDK is bundled, so the user of the command cannot act on its warning that a later SDK needs a later Node.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
