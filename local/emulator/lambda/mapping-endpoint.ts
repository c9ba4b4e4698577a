import * as z from 'zod/mini';
import { AwsError, type AwsService } from '../http/aws-service.ts';
import { readBody } from '../http/read-body.ts';
import type { EventSourceMappings, Mapping } from './event-source-mappings.ts';

/**
 * Listing functions, and listing and switching event source mappings.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */

const FUNCTIONS = /^\/2015-03-31\/functions\/?$/;
const MAPPINGS = /^\/2015-03-31\/event-source-mappings\/?$/;
const MAPPING = /^\/2015-03-31\/event-source-mappings\/([^/]+)$/;
/** Bytes. */
const BODY_LIMIT = 64 * 1024;

/** Of a mapping, the local stack changes nothing but whether it is enabled. */
const updateSchema = z.strictObject({ Enabled: z.optional(z.boolean()) });

interface ListedFunction {
  readonly name: string;
  readonly arn: string;
}

export function lambdaConfiguration(
  functions: readonly ListedFunction[],
  mappings: EventSourceMappings,
): AwsService {
  const answers = async (method: string, { pathname, searchParams }: URL, body: () => Promise<unknown>) => {
    if (method === 'GET' && FUNCTIONS.test(pathname)) {
      return { Functions: functions.map(({ name, arn }) => ({ FunctionName: name, FunctionArn: arn })) };
    }
    if (method === 'GET' && MAPPINGS.test(pathname)) {
      const name = searchParams.get('FunctionName');
      const wanted = mappings.all.filter(
        ({ functionName, functionArn }) => name === null || [functionName, functionArn].includes(name),
      );
      return { EventSourceMappings: wanted.map(shown) };
    }
    const uuid = MAPPING.exec(pathname)?.[1];
    if (uuid === undefined || (method !== 'GET' && method !== 'PUT')) return undefined;
    const mapping = mappings.find(decodeURIComponent(uuid));
    if (mapping === undefined) {
      throw new AwsError(404, 'ResourceNotFoundException', 'The resource you requested does not exist.');
    }
    if (method === 'PUT') {
      const { Enabled } = readUpdate(await body());
      if (Enabled !== undefined) mapping.setEnabled(Enabled);
    }
    return shown(mapping);
  };

  return {
    accepts: ({ method, url = '' }) => {
      const [path = ''] = url.split('?');
      return (
        (method === 'GET' && (FUNCTIONS.test(path) || MAPPINGS.test(path) || MAPPING.test(path))) ||
        (method === 'PUT' && MAPPING.test(path))
      );
    },
    async handle(request, response) {
      const url = new URL(request.url ?? '', 'http://localhost');
      const body = async (): Promise<unknown> => parseJson(await readBody(request, BODY_LIMIT));
      const answer = await answers(request.method ?? '', url, body);
      const status = request.method === 'PUT' ? 202 : 200;
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    },
  };
}

const shown = (mapping: Mapping): object => ({
  UUID: mapping.uuid,
  EventSourceMappingArn: mapping.arn,
  EventSourceArn: mapping.eventSourceArn,
  FunctionArn: mapping.functionArn,
  BatchSize: mapping.batchSize,
  State: mapping.state(),
});

function parseJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new AwsError(400, 'InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

function readUpdate(body: unknown): z.infer<typeof updateSchema> {
  const result = updateSchema.safeParse(body);
  if (result.success) return result.data;
  const given = Object.keys(body ?? {}).join(', ');
  const message = `The local stack changes Enabled of a mapping, true or false; given: ${given}`;
  throw new AwsError(400, 'InvalidParameterValueException', message);
}
