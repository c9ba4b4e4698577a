import { NDJSON_TYPE } from '../../shared/media-types.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { headersOf } from './headers.ts';
import type { BodySchemas } from './schemas.ts';

/** The response 200 of an operation. */
export function successResponse(operation: Operation, schemas: BodySchemas) {
  const { id, answer, bodies, headers, next } = operation;
  return {
    description: answer,
    headers: headersOf(headers.always, [...headers.sometimes, 'x-amzn-RequestId']),
    content: Object.fromEntries(
      Object.keys(bodies).map((type) => [type, { schema: contentSchema(type, schemas.bodyOf(id, type)) }]),
    ),
    ...(next && { links: { next: { operationId: id, ...next } } }),
  };
}

/** https://spec.openapis.org/oas/v3.2.0.html#sequential-media-types */
const contentSchema = (type: string, body: object): object =>
  type === NDJSON_TYPE
    ? { type: 'array', items: body, description: 'One element a line; each line ends with a line feed.' }
    : body;

/** The same response to HEAD. */
export function withoutContent<Response extends { readonly content: object }>(response: Response) {
  const { content: _, ...others } = response;
  return others;
}
