import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { JsonSchema } from './schemas.ts';

/** Writes the declarations of the package. They need no other package: the types of zod's schemas are written out. */

/** @param file an absolute path; what it exports must have explicit types */
export function declarationsOf(file: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, strict: true },
  });
  const [first] = diagnostics;
  if (first) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(first.messageText, '\n')}`);
  return outputText;
}

/** An interface of the values that a JSON Schema accepts. */
export const interfaceOf = (name: string, schema: JsonSchema, others: Record<string, string> = {}): string =>
  `export interface ${name} ${typeOf(schema, '', others)}\n`;

/** @param others the types of fields, by name, that TypeScript sees otherwise than JSON */
function typeOf(schema: JsonSchema, indent: string, others: Record<string, string> = {}): string {
  const { type, enum: choices, const: only, properties } = schema;
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (Array.isArray(alternatives))
    return [...new Set(alternatives.map((each) => typeOf(each, indent)))].join(' | ');
  if (type === 'string' || type === 'boolean') return type;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return `Array<${typeOf(schema['items'] as JsonSchema, indent)}>`;
  if (type !== 'object') throw new Error(`no type for the schema ${JSON.stringify(schema)}`);
  return properties ? fieldsOf(schema, indent, others) : recordOf(schema, indent);
}

function fieldsOf(
  { properties, required = [] }: JsonSchema,
  indent: string,
  others: Record<string, string>,
): string {
  const lines = Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const isOptional = !(required as string[]).includes(name);
    const fieldType = others[name] ?? typeOf(field, `${indent}  `);
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return `${commentOf(field, `${indent}  `)}${indent}  readonly ${key}${isOptional ? '?' : ''}: ${fieldType}${isOptional ? ' | undefined' : ''};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

const recordOf = ({ additionalProperties }: JsonSchema, indent: string): string =>
  `{ readonly [name: string]: ${typeOf(additionalProperties as JsonSchema, indent)} }`;

/** What an editor shows of a field: its description, and its default if it is one value. */
function commentOf({ description, default: value }: JsonSchema, indent: string): string {
  const said = value === undefined || typeof value === 'object' ? '' : `Default: ${JSON.stringify(value)}.`;
  const text = [description, said].filter(Boolean).join(' ');
  return text && `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
