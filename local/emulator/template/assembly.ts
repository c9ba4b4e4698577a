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

/** One synthesized stack. */
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

interface Manifest {
  readonly artifacts: Record<
    string,
    { type: string; properties?: { templateFile?: string; stackName?: string; file?: string } }
  >;
}

interface AssetManifest {
  readonly files: Record<
    string,
    {
      source: { path: string; packaging: string };
      destinations: Record<string, { objectKey: string }>;
    }
  >;
}

/**
 * Reads a cloud assembly of one stack.
 *
 * @param folder what the CDK app wrote to `CDK_OUTDIR`
 * @throws Error if it does not hold exactly one stack
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const artifacts = Object.entries((await read<Manifest>('manifest.json')).artifacts);

  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new Error(
      `the assembly must hold one stack, it holds: ${stacks.map(([id]) => id).join(', ') || 'none'}`,
    );
  }

  const folders = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    const { files } = await read<AssetManifest>(properties.file);
    for (const { source, destinations } of Object.values(files)) {
      if (source.packaging !== 'zip') continue;
      for (const { objectKey } of Object.values(destinations))
        folders.set(objectKey, join(folder, source.path));
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
