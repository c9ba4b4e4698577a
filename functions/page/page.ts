import { Readable } from 'node:stream';
import { negotiateEncoding } from '../http/negotiate-encoding.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, VARY } from '../http/responses.ts';
import type { PageFiles } from './page-files.ts';

/**
 * Answers with the page for people (docs/contract.md#the-page), compressed as the browser accepts it. The page has no data, so
 * there is no key to check.
 */
export const page =
  ({ documents, headers }: PageFiles) =>
  async (request: HttpRequest): Promise<HttpResponse> => {
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));
    const document = documents[encoding];
    return {
      statusCode: 200,
      headers: {
        ...headers,
        'Cache-Control': 'no-store',
        Vary: VARY.byEncoding,
        ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      },
      body: request.method === 'HEAD' ? '' : Readable.from([document]),
    };
  };
