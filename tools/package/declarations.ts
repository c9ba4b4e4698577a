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
  const { type, enum: choices, anyOf, properties, required = [] } = schema;
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map((each) => typeOf(each, indent)))].join(' | ');
  if (type === 'string' || type === 'boolean') return type;
  if (type !== 'object') throw new Error(`no type for the schema ${JSON.stringify(schema)}`);
  const lines = Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const isOptional = !(required as string[]).includes(name);
    const fieldType = others[name] ?? typeOf(field, `${indent}  `);
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return `${indent}  readonly ${key}${isOptional ? '?' : ''}: ${fieldType}${isOptional ? ' | undefined' : ''};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}
