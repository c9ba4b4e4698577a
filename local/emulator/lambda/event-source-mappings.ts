import * as z from 'zod/mini';
import { keep, readKept } from '../files/kept-json.ts';
import { checkBy } from '../files/read-json-file.ts';
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

type Feeding = ReturnType<typeof startEventSourceMapping>;

export type EventSourceMappings = Awaited<ReturnType<typeof openEventSourceMappings>>;

const check = checkBy(z.array(z.string()), 'these are not the event source mappings of a stack');

/**
 * @param file keeps which mappings a user has switched off; without it, only this run knows
 * @throws Error naming the file, if it is damaged
 */
export async function openEventSourceMappings(resources: readonly MappingResource[], file?: string) {
  const disabled = new Set(file === undefined ? [] : await readKept(file, check, []));
  let begun = false;
  const note = (arn: string, enabled: boolean): void => {
    if (enabled) disabled.delete(arn);
    else disabled.add(arn);
    if (file !== undefined) keep(file, [...disabled]);
  };

  const open = ({ feed, enabled: stated, ...resource }: MappingResource) => {
    let enabled = stated ?? !disabled.has(resource.arn);
    let running: Feeding | undefined;
    const draining = new Set<Feeding>();
    const apply = (): void => {
      if (!begun) return;
      if (enabled) running ??= startEventSourceMapping(feed);
      else if (running !== undefined) {
        const ending = running;
        running = undefined;
        draining.add(ending);
        void ending.drain().then(() => draining.delete(ending));
      }
    };
    return {
      ...resource,
      uuid: resource.arn.slice(resource.arn.lastIndexOf(':') + 1),
      batchSize: feed.batchSize,
      state: (): MappingState => {
        if (enabled) return 'Enabled';
        return draining.size === 0 ? 'Disabled' : 'Disabling';
      },
      setEnabled(wanted: boolean): void {
        enabled = wanted;
        note(resource.arn, wanted);
        apply();
      },
      apply,
      async close(): Promise<void> {
        await Promise.all([running, ...draining].map((feeding) => feeding?.close()));
      },
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
