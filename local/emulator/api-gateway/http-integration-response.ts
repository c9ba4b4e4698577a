const DELIMITER = Buffer.alloc(8);
/** Bytes. */
const METADATA_LIMIT = 16 * 1024;

/**
 * Reads a streaming function's answer: metadata as JSON, eight NUL bytes, the payload.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 *
 * @throws Error if it does not begin with metadata, and whatever the stream throws
 */
export async function readHttpIntegrationResponse(body: AsyncIterable<Buffer>) {
  const chunks = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (;;) {
    const end = head.indexOf(DELIMITER);
    if (end >= 0) {
      const metadata = parseMetadata(head.toString('utf8', 0, end));
      return { metadata, payload: rest(head.subarray(end + DELIMITER.length), chunks) };
    }
    const { done, value } = await chunks.next();
    if (done || head.length > METADATA_LIMIT) throw new Error('the function streamed no metadata');
    head = Buffer.concat([head, value]);
  }
}

async function* rest(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* { [Symbol.asyncIterator]: () => chunks };
}

/** Headers are named as the function named them. */
function parseMetadata(json: string) {
  const { statusCode = 200, headers = {}, cookies = [] } = JSON.parse(json);
  if (!Number.isInteger(statusCode)) throw new Error(`the function gave the status ${statusCode}`);
  const pairs = [...Object.entries(headers), ...cookies.map((cookie: unknown) => ['Set-Cookie', cookie])];
  const headerPairs = pairs.map(([name, value]): [string, string] => [name, String(value)]);
  return { statusCode: Number(statusCode), headers: headerPairs };
}
