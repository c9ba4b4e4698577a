import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Process } from '../engine/processes.ts';
import { choice, logs, version } from '../state/app-state.ts';
import { counted, formatCount, formatSpan, formatTime } from '../state/format.ts';
import { openStoryOf } from './open-log.ts';
import { ValueText } from './value-text.tsx';

/** The processes of what is shown: those whose authentication failed before it succeeded come first. */
export function Processes() {
  const found = useSignal<{ readonly total: number; readonly processes: readonly Process[] }>({
    total: 0,
    processes: [],
  });
  useEffect(() => {
    let isWanted = true;
    void logs.processes().then((result) => {
      if (isWanted) found.value = result;
    });
    return () => {
      isWanted = false;
    };
  }, [version.value]);
  const { total, processes } = found.value;
  const { zone } = choice.value;
  return (
    <section class="processes" aria-label="Processes" tabindex={0}>
      <p>
        {counted(total, 'process', 'processes')}
        {total > processes.length && `, the first ${processes.length}`}. Those whose authentication failed
        most often before it succeeded come first.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Process (rid)</th>
            <th scope="col">Authentication</th>
            <th scope="col">Events</th>
            <th scope="col">From</th>
            <th scope="col">Lasted</th>
            <th scope="col">Last event</th>
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => (
            <tr key={process.rid} class={process.failuresBeforeSuccess > 0 ? 'remarkable' : ''}>
              <th scope="row">
                <button type="button" class="link" onClick={() => void openStoryOf('label.rid', process.rid)}>
                  <ValueText value={process.rid} />
                </button>
              </th>
              <td>{authenticationOf(process)}</td>
              <td class="number">{formatCount(process.events)}</td>
              <td class="time">{formatTime(process.first, zone)}</td>
              <td class="number">{formatSpan(process.last - process.first)}</td>
              <td>
                <ValueText value={process.lastAction} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function authenticationOf({ failures, failuresBeforeSuccess }: Process): string {
  if (failuresBeforeSuccess > 0) return `failed ${failuresBeforeSuccess} ×, then succeeded`;
  return failures > 0 ? `failed ${failures} ×` : '';
}
