import type { Process } from './scheduler.ts';

/** The bus: a process announces logs on it by a request that the scheduler owns. */
export function simulatedBus(announced: Set<string>) {
  const announce = (process: Process, ids: readonly string[]): Promise<void> =>
    process.submit({
      label: `announce ${ids.join(' ')}`,
      partition: 'bus',
      isEventual: false,
      isWrite: true,
      perform: () => {
        for (const id of ids) announced.add(id);
      },
      describe: String,
    });

  const openPublisher = (process: Process) => () => {
    let batch: { id: string; resolve: (error: unknown) => void }[] = [];
    return {
      publish: ({ detail }: { detail: string }) =>
        new Promise<unknown>((resolve) => batch.push({ id: JSON.parse(detail).id, resolve })),
      flush() {
        const full = batch;
        batch = [];
        if (full.length === 0) return;
        const ids = full.map(({ id }) => id);
        const settleAll = (error: unknown): void => {
          for (const { resolve } of full) resolve(error);
        };
        announce(process, ids).then(settleAll, settleAll);
      },
    };
  };

  return { announce, openPublisher };
}
