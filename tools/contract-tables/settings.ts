import * as z from 'zod/mini';

/** A setting, as the contract shows it. */
export interface SettingRow {
  /** With the names of what it lies in: `delivery.service.url`. */
  readonly name: string;
  /** The alternative that has this setting, by the literal that chooses it: `https`. */
  readonly onlyFor: string | undefined;
  readonly accepted: string;
  /** The default as JSON, if there is one. */
  readonly fallback: string | undefined;
  readonly description: string;
}

/** What is walked of a schema, of whatever kind it is. https://zod.dev/library-authors */
interface Def {
  readonly type: string;
  readonly error?: (issue: { readonly input: unknown; readonly code: string }) => unknown;
  readonly innerType?: z.core.$ZodType;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly discriminator?: string;
  readonly element?: z.core.$ZodType;
  readonly values?: readonly unknown[];
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly checks?: readonly { readonly _zod: { readonly def: Pick<Def, 'error'> } }[];
}

const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as unknown as Def;

/** Lists the settings of a schema in its order, with those inside of one after it. */
export function describeSettings(schema: z.core.$ZodType): SettingRow[] {
  const { $schema: _, ...settings } = defOf(schema).shape ?? {};
  return mergeAlternatives(Object.entries(settings).flatMap(([name, setting]) => rowsOf(name, setting)));
}

function rowsOf(name: string, schema: z.core.$ZodType, onlyFor?: string, fallback?: string): SettingRow[] {
  const def = defOf(schema);
  if (def.innerType !== undefined) {
    const value = def.type === 'default' ? JSON.stringify(def.defaultValue) : fallback;
    return rowsOf(name, def.innerType, onlyFor, value);
  }
  const description = z.globalRegistry.get(schema)?.description ?? '';
  const row = { name, onlyFor, accepted: acceptedBy(schema), fallback, description };
  return [row, ...rowsInside(name, def, onlyFor)];
}

/** Members of an object, or of the objects that are alternatives of each other. */
function rowsInside(name: string, def: Def, onlyFor: string | undefined): SettingRow[] {
  // Where an object is another way to write a simple value, the words of the value tell its members.
  const alternatives = def.options?.every((option) => defOf(option).type === 'object') ? def.options : [];
  return [def, ...alternatives.map(defOf)].flatMap(({ shape = {} }) => {
    const choice = def.discriminator === undefined ? undefined : shape[def.discriminator];
    const chosenBy = choice === undefined ? onlyFor : String(defOf(choice).values?.[0]);
    return Object.entries(shape).flatMap(([member, schema]) =>
      rowsOf(`${name}.${member}`, schema, member === def.discriminator ? onlyFor : chosenBy),
    );
  });
}

/** The literal that chooses between alternatives is one setting, with a value for each of them. */
function mergeAlternatives(rows: readonly SettingRow[]): SettingRow[] {
  return [...Map.groupBy(rows, ({ name, onlyFor }) => JSON.stringify([name, onlyFor])).values()].flatMap(
    ([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, accepted: [first, ...others].map(({ accepted }) => accepted).join(', ') }],
  );
}

/** The words of the error that a wrong value gets. */
function acceptedBy(schema: z.core.$ZodType): string {
  const def = defOf(schema);
  const words = wordsOf(def);
  if (words !== undefined) return words;
  if (def.type === 'literal') return (def.values ?? []).map((value) => `\`${JSON.stringify(value)}\``).join();
  if (def.element !== undefined) return ['a list', ...checksOf(def), acceptedBy(def.element)].join(': ');
  if (def.keyType !== undefined && def.valueType !== undefined)
    return `an object: ${[...checksOf(defOf(def.keyType)), acceptedBy(def.valueType)].join(', each with ')}`;
  if (def.shape !== undefined) return `an object: ${Object.keys(def.shape).join(', ')}`;
  throw new Error(`a setting of the type ${def.type} has no words for what is accepted`);
}

function wordsOf({ error }: Pick<Def, 'error'>): string | undefined {
  const words = error?.({ input: undefined, code: 'invalid_type' });
  return typeof words === 'string' ? words : undefined;
}

const checksOf = ({ checks = [] }: Def): string[] => checks.flatMap(({ _zod }) => wordsOf(_zod.def) ?? []);
