import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, number | string>;
  /** JSON. */
  readonly body: string;
}

/** Asks for an operation, such as `PutItem`, with its input as JSON. */
export type Ask = (operation: string, input: Buffer | string) => Promise<Answer>;

/** What `X-Amz-Target` is for an operation. */
export const target = (operation: string): string => `DynamoDB_20120810.${operation}`;

/**
 * Asks dynalite without a connection. The request and response have only what dynalite uses of them.
 *
 * @param headers of the request on whose behalf it is asked
 */
export const askDynalite =
  (dynalite: RequestListener, headers: IncomingHttpHeaders): Ask =>
  (operation, input) =>
    new Promise((resolve) => {
      const answered = new Map<string, number | string>();
      const request = Object.assign(Readable.from([Buffer.from(input)]), {
        method: 'POST',
        url: '/',
        headers: { ...headers, 'x-amz-target': target(operation) },
      });
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: number | string) => answered.set(name, value),
        end: (text = '') => resolve({ status: response.statusCode, headers: answered, body: text }),
      };
      dynalite(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    });

/** The names of a table's key attributes, the partition key first; none if there is no such table. */
export async function keyNames(ask: Ask, TableName: string): Promise<string[]> {
  const { status, body } = await ask('DescribeTable', JSON.stringify({ TableName }));
  if (status !== 200) return [];
  const keys: { AttributeName: string; KeyType: string }[] = JSON.parse(body).Table.KeySchema;
  return keys.map(({ AttributeName }) => AttributeName);
}
