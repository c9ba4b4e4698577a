import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request. Of one that is too large it takes no more than the limit.
 *
 * @param limit bytes
 * @returns undefined if the body is larger
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the connection: the answer goes out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
