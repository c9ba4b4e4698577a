import type * as z from 'zod/mini';
import type { ErrorCode } from '../../shared/http-errors.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { PARAMETERS } from '../../shared/query/read-parameters.ts';

/** A parameter of the query, found in what is wrapped around it. */
interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Of the error that a wrong value gets. */
  readonly code: ErrorCode;
}

/** @throws Error if a member of the schema was not made by `once` (shared/query/read-parameters.ts) */
export const queryParameters = ({ parameters }: Operation): Parameter[] =>
  Object.entries(parameters.shape).map(([name, schema]) => {
    const { document, isRequired } = unwrap(schema as z.ZodMiniType);
    if (document === undefined) throw new Error(`the parameter ${name} has no document`);
    return { name, isRequired, ...document };
  });

/** What is walked of a schema, of whatever kind it is. https://zod.dev/library-authors */
interface Def {
  readonly type: string;
  readonly innerType?: z.ZodMiniType;
  readonly in?: z.ZodMiniType;
}

function unwrap(
  schema: z.ZodMiniType,
  isRequired = true,
): {
  document: ReturnType<typeof PARAMETERS.get>;
  isRequired: boolean;
} {
  const document = PARAMETERS.get(schema);
  const { type, innerType, in: piped } = schema._zod.def as unknown as Def;
  if (document !== undefined) return { document, isRequired };
  if (innerType !== undefined)
    return unwrap(innerType, isRequired && type !== 'optional' && type !== 'default');
  return piped === undefined ? { document, isRequired } : unwrap(piped, isRequired);
}

const ACCEPT_ENCODING = {
  name: 'Accept-Encoding',
  in: 'header',
  description: 'zstd, br and gzip are offered. A compressed answer carries up to fifteen times as many logs.',
  schema: { type: 'string' },
  example: 'zstd, br, gzip',
};

/** The Parameter Objects of an operation. */
export const parametersOf = (operation: Operation) => [
  ...queryParameters(operation).map(({ name, isRequired, description, schema }) => ({
    name,
    in: 'query',
    ...(isRequired && { required: true }),
    description,
    ...(schema['type'] === 'array' && { style: 'form', explode: false }),
    schema,
  })),
  ACCEPT_ENCODING,
];
