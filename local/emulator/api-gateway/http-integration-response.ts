/** Status and headers of a streamed answer, which a function writes before its payload. */
export interface ResponseMetadata {
  readonly statusCode: number;
  /** Named as the function named them. */
  readonly headers: [name: string, value: string][];
}

export interface HttpIntegrationResponse {
  readonly metadata: ResponseMetadata;
  readonly payload: AsyncIterable<Buffer>;
}

const DELIMITER = Buffer.alloc(8);
/** Bytes. */
const METADATA_LIMIT = 16 * 1024;

/**
 * Reads a streaming function's answer: metadata as JSON, eight NUL bytes, the payload.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 *
 * @throws Error if it does not begin with metadata, and whatever the stream throws
 */
export async function readHttpIntegrationResponse(
  body: AsyncIterable<Buffer>,
): Promise<HttpIntegrationResponse> {
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

function parseMetadata(json: string): ResponseMetadata {
  const { statusCode = 200, headers = {}, cookies = [] } = JSON.parse(json);
  if (!Number.isInteger(statusCode)) throw new Error(`the function gave the status ${statusCode}`);
  const pairs = [...Object.entries(headers), ...cookies.map((cookie: unknown) => ['Set-Cookie', cookie])];
  return { statusCode, headers: pairs.map(([name, value]) => [name, String(value)]) };
}
