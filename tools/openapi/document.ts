import { readFileSync } from 'node:fs';
import type { Operation } from '../../shared/operations/operation.ts';
import { OPERATIONS, STAGE } from '../../shared/operations/operations.ts';
import { TIME_SCHEMA } from '../../shared/query/time-parameter.ts';
import type { JsonSchema } from '../package/schemas.ts';
import { ERROR_SCHEMAS, errorResponse, errorResponses } from './errors.ts';
import { parametersOf } from './parameters.ts';
import { type BodySchemas, bodySchemas } from './schemas.ts';
import { successResponse, withoutContent } from './success.ts';

/** The OpenAPI 3.1 document of the API. https://spec.openapis.org/oas/v3.1.1.html */

const DESCRIPTION = `Hands out security logs: by the time when their events occurred, or as a feed of what was stored.

Requests are throttled at the stage: 20 a second, with bursts of 40. A parameter may be given once; other parameters are refused.
A query is checked in this order: method, key, parameters, Accept, Accept-Encoding, size of the answer. A cut answer never looks whole: the JSON
stays unclosed, or there are fewer lines than Number-Of-Results.

A body of lines (application/x-ndjson) is described as an array of what each line is, as OpenAPI 3.2 does.`;

const HTTP_METHODS =
  'HEAD does the work of GET and leaves the body out. Any other method is answered as x-other-methods says.';

/** Whichever of these headers is there first has the key. */
const KEY_SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'apiKey' },
  xApiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  bearer: { type: 'http', scheme: 'bearer' },
};

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Schemas that parameters and headers share, by their names in the document. */
const SHARED: Readonly<Record<string, unknown>> = { Time: TIME_SCHEMA };

/** As plain JSON. */
export const openApiDocument = (): JsonSchema => JSON.parse(JSON.stringify(document(), toReference));

/** Writes a reference in the place of each shared schema, but where it is defined. */
function toReference(key: string, value: unknown): unknown {
  const name = Object.keys(SHARED).find((each) => SHARED[each] === value);
  return name === undefined || name === key ? value : { $ref: `#/components/schemas/${name}` };
}

function document() {
  const schemas = bodySchemas(OPERATIONS);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Security Logs Service',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: `http://127.0.0.1:3000/${STAGE}`, description: 'npm start' },
      {
        url: `https://{host}/${STAGE}`,
        description: 'A deployed stack; its output ApiUrl has the host.',
        variables: { host: { default: 'logs.example' } },
      },
    ],
    security: Object.keys(KEY_SCHEMES).map((scheme) => ({ [scheme]: [] })),
    paths: Object.fromEntries(OPERATIONS.map((operation) => [operation.path, pathItem(operation, schemas)])),
    'x-other-paths': { $ref: '#/components/responses/UnknownPath' },
    components: {
      securitySchemes: KEY_SCHEMES,
      schemas: { ...schemas.named, ...SHARED, ...ERROR_SCHEMAS },
      responses: {
        MethodNotAllowed: errorResponse(
          'Another method than GET and HEAD.',
          ['method_not_allowed'],
          ['Allow'],
        ),
        UnknownPath: errorResponse('A path or a method that the gateway does not know.', ['unknown_path']),
      },
    },
  };
}

function pathItem(operation: Operation, schemas: BodySchemas) {
  const { id, summary, description } = operation;
  const responses = { 200: successResponse(operation, schemas), ...errorResponses(operation) };
  return {
    description: HTTP_METHODS,
    parameters: parametersOf(operation),
    get: { operationId: id, summary, description, responses },
    head: {
      operationId: `${id}Headers`,
      summary: `${summary}: the headers alone`,
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [status, withoutContent(response)]),
      ),
    },
    'x-other-methods': { $ref: '#/components/responses/MethodNotAllowed' },
  };
}
