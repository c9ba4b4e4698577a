import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** A declaration at the top level of a file, or what a file imports under a name. */
type Named =
  | { readonly declared: ts.Statement }
  | { readonly imported: string; readonly from: string; readonly isLocal: boolean };

/**
 * The declarations of what a module exports, in one file: with the types that they mention, and without the constructors of
 * classes that it does not export, whose parameters are nobody's concern. A type that is inferred from a schema of zod is
 * written out, so that the package does not need zod.
 *
 * @param root of the repository
 * @param entry the module, from the root
 * @param written declarations to use instead of those of a module, by the names that they declare
 * @throws Error if two files declare the same name, or a declaration needs zod, which the package does not install
 */
export function flatDeclarations(
  root: string,
  entry: string,
  written: Readonly<Record<string, string>>,
): string {
  const { files, writtenOut } = emitDeclarations(root, entry);
  const statements = new Map<string, { text: string; file: string }>();
  const imports = new Map<string, Set<string>>();
  const exported = new Set(exportedNames(files.get(entry) as ts.SourceFile));

  /** @returns whether the declaration is new */
  function declare(name: string, file: string, text: string): boolean {
    const known = statements.get(name);
    if (known !== undefined && known.file !== file) throw new Error(`${known.file} and ${file} have ${name}`);
    statements.set(name, { text, file });
    return known === undefined;
  }

  function add(name: string, file: string): void {
    const own = written[name];
    if (own !== undefined) {
      statements.set(name, { text: own, file });
      return;
    }
    const source = files.get(file);
    const found = source && namesOf(source).get(name);
    if (found === undefined) return; // of the language's own library, or a parameter of a type
    if ('declared' in found) {
      const { text, mentions } = declarationText(
        usesZod(found.declared) ? writtenOut(file, name) : found.declared,
        exported.has(name),
      );
      if (declare(name, file, text)) for (const mentioned of mentions) add(mentioned, file);
    } else if (found.isLocal) {
      if (found.imported !== name)
        throw new Error(`${file} calls ${found.imported} ${name}: use its own name`);
      add(name, join(dirname(file), found.from));
    } else {
      const names = imports.get(found.from) ?? new Set();
      imports.set(found.from, names.add(found.imported === name ? name : `${found.imported} as ${name}`));
    }
  }
  for (const name of exported) add(name, entry);

  const imported = [...imports]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([from, names]) => `import type { ${[...names].sort().join(', ')} } from '${from}';\n`);
  const declared = [...statements.values()].map(({ text }) => `\n${text}\n`);
  return `${imported.join('')}${declared.join('')}\nexport {};\n`;
}

const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** The declarations of a module and of all that it imports from the repository, by their paths from the root. */
function emitDeclarations(root: string, entry: string) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([join(root, entry)], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  });
  const files = new Map<string, ts.SourceFile>();
  const write: ts.WriteFileCallback = (_, text, __, ___, sources) => {
    const file = relative(root, sources?.[0]?.fileName ?? '');
    files.set(file, parse(file, text));
  };
  program.emit(undefined, write, undefined, true);

  const checker = program.getTypeChecker();
  /** The alias of a type, with what the type checker makes of it. */
  const writtenOut = (file: string, name: string): ts.Statement => {
    const source = program.getSourceFile(join(root, file)) as ts.SourceFile;
    const alias = source.statements.find(
      (each) => ts.isTypeAliasDeclaration(each) && each.name.text === name,
    );
    if (alias === undefined) throw new Error(`${file}: the package cannot declare ${name} without zod`);
    const type = checker.typeToString(
      checker.getTypeAtLocation(alias),
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
    );
    return parse(file, `type ${name} = ${type};`).statements[0] as ts.Statement;
  };
  return { files, writtenOut };
}

/** Whether a declaration is of a type that is inferred from a schema. */
const usesZod = (statement: ts.Statement): boolean => /\bz\.\w/.test(statement.getText());

function exportedNames(source: ts.SourceFile): string[] {
  const names: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue;
    if (ts.isNamedExports(statement.exportClause))
      names.push(...statement.exportClause.elements.map(({ name }) => name.text));
  }
  return names;
}

/** @returns what each name at the top level of a file stands for */
function namesOf(source: ts.SourceFile): Map<string, Named> {
  const names = new Map<string, Named>();
  for (const statement of source.statements) {
    const clause = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : ts.isExportDeclaration(statement)
        ? statement.exportClause
        : undefined;
    if (clause !== undefined) {
      const from = (statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral | undefined;
      if (from === undefined) continue; // `export {}`
      const isLocal = from.text.startsWith('.');
      const elements =
        ts.isNamespaceImport(clause) || ts.isNamespaceExport(clause) ? [clause] : clause.elements;
      for (const { name, ...element } of elements) {
        const imported = ('propertyName' in element && element.propertyName?.text) || name.text;
        names.set(name.text, { imported, from: from.text, isLocal });
      }
    } else if ('name' in statement && statement.name) {
      names.set((statement.name as ts.Identifier).text, { declared: statement });
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations)
        names.set((name as ts.Identifier).text, { declared: statement });
    }
  }
  return names;
}

/** @returns the text of a declaration, and the names of the types in it */
function declarationText(statement: ts.Statement, isExported: boolean): { text: string; mentions: string[] } {
  const text = statement.getFullText();
  const hidden =
    ts.isClassDeclaration(statement) && !isExported
      ? statement.members.filter(ts.isConstructorDeclaration)
      : [];
  let shown = text;
  for (const member of hidden.toReversed()) {
    const start = member.getFullStart() - statement.getFullStart();
    shown = shown.slice(0, start) + shown.slice(start + member.getFullWidth());
  }
  const mentions: string[] = [];
  const visit = (node: ts.Node): void => {
    if (hidden.includes(node as ts.ConstructorDeclaration)) return;
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : ts.isTypeQueryNode(node)
          ? node.exprName
          : undefined;
    if (name !== undefined) mentions.push(name.getText().split('.')[0] as string);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return { text: isExported ? shown.trim() : shown.trim().replace(/^export (?=\w)/m, ''), mentions };
}
