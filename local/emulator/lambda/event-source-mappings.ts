import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { checkBy, readJsonFile } from '../files/read-json-file.ts';
import { type EventSourceMappingOptions, startEventSourceMapping } from './event-source-mapping.ts';

/**
 * The event source mappings of a stack, which can be switched off and on. Of a mapping whose template does not say
 * whether it is enabled, the last word of a user counts, also after a restart with the same data.
 */

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export type MappingState = 'Enabled' | 'Disabling' | 'Disabled';

export interface MappingResource {
  readonly arn: string;
  readonly eventSourceArn: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** As the template says, if it does. */
  readonly enabled: boolean | undefined;
  readonly feed: EventSourceMappingOptions;
}

export interface Mapping extends Omit<MappingResource, 'feed' | 'enabled'> {
  readonly uuid: string;
  readonly batchSize: number;
  state(): MappingState;
  /** Starts or ends the feeding. Batches under way are finished: meanwhile the state is `Disabling`. */
  setEnabled(enabled: boolean): void;
}

export type EventSourceMappings = Awaited<ReturnType<typeof openEventSourceMappings>>;

const fileSchema = z.array(z.string());

/**
 * @param file keeps which mappings a user has switched off; without it, only this run knows
 * @throws Error naming the file, if it is damaged
 */
export async function openEventSourceMappings(resources: readonly MappingResource[], file?: string) {
  const disabled = new Set(file === undefined ? [] : await readDisabled(file));
  let begun = false;
  const note = (arn: string, enabled: boolean): void => {
    if (enabled) disabled.delete(arn);
    else disabled.add(arn);
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify([...disabled]));
    renameSync(`${file}.new`, file);
  };

  const open = ({ feed, enabled: stated, ...resource }: MappingResource) => {
    let enabled = stated ?? !disabled.has(resource.arn);
    let running: ReturnType<typeof startEventSourceMapping> | undefined;
    let disabling: Promise<void> | undefined;
    const apply = (): void => {
      if (!begun) return;
      if (enabled) running ??= startEventSourceMapping(feed);
      else if (running !== undefined) {
        const ended = running.drain().then(() => {
          if (disabling === ended) disabling = undefined;
        });
        disabling = ended;
        running = undefined;
      }
    };
    return {
      ...resource,
      uuid: uuidOf(resource.arn),
      batchSize: feed.batchSize,
      state: (): MappingState => {
        if (enabled) return 'Enabled';
        return disabling === undefined ? 'Disabled' : 'Disabling';
      },
      setEnabled(wanted: boolean): void {
        enabled = wanted;
        note(resource.arn, wanted);
        apply();
      },
      apply,
      close: async () => running?.close(),
    };
  };
  const mappings = resources.map(open);

  return {
    all: mappings as readonly Mapping[],
    find: (uuid: string): Mapping | undefined => mappings.find((mapping) => mapping.uuid === uuid),
    /** Starts feeding. */
    begin(): void {
      begun = true;
      for (const { apply } of mappings) apply();
    },
    async close(): Promise<void> {
      await Promise.all(mappings.map((mapping) => mapping.close()));
    },
  };
}

/** The same for a mapping at each start. */
function uuidOf(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** @returns nothing, if there is no such file */
const readDisabled = (file: string): Promise<string[]> =>
  readJsonFile(file, checkBy(fileSchema, 'these are not the event source mappings of a stack')).catch(
    (error) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
