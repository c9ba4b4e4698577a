import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A CloudFormation template as the CDK writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /**
   * The folder whose content the CDK would upload under an object key.
   *
   * @throws Error if no asset has this key
   */
  assetFolder(objectKey: string): string;
}

interface Artifact {
  readonly type: string;
  readonly properties?: { templateFile?: string; stackName?: string; file?: string };
}

interface AssetFile {
  readonly source: { readonly path: string; readonly packaging: string };
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
}

/**
 * Reads a cloud assembly of one stack.
 *
 * @param folder what the CDK app wrote to `CDK_OUTDIR`
 * @throws Error if it does not hold exactly one stack
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const { artifacts } = await read<{ artifacts: Record<string, Artifact> }>('manifest.json');
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    const ids = stacks.map(([id]) => id).join(', ') || 'none';
    throw new Error(`the assembly must hold one stack, it holds: ${ids}`);
  }

  const folders = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    const { files } = await read<{ files: Record<string, AssetFile> }>(properties.file);
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.packaging === 'zip') folders.set(objectKey, join(folder, source.path));
      }
    }
  }

  const [id, { properties }] = stack;
  return {
    stackName: properties?.stackName ?? id,
    template: await read<Template>(properties?.templateFile ?? `${id}.template.json`),
    assetFolder(objectKey) {
      const found = folders.get(objectKey);
      if (found === undefined) throw new Error(`the assembly has no asset ${objectKey}`);
      return found;
    },
  };
}
