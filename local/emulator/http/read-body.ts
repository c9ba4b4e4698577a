import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request, but no more than the limit.
 *
 * @param limit bytes
 * @returns undefined if the body is larger
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must keep the connection for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
