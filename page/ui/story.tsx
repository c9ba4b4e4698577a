import { withWish } from '../engine/query/edit.ts';
import { shortNameOf } from '../engine/query/fields.ts';
import { choice, choose, copy, reload, windowsUrl } from '../state/app-state.ts';
import { curlCommand } from '../state/curl.ts';
import { counted, formatSpan, formatTime } from '../state/format.ts';
import { storySentence } from '../state/story-sentence.ts';
import type { RowView } from '../worker/protocol.ts';
import { openRow } from './open-log.ts';
import { ValueText } from './value-text.tsx';

/** All logs of one process or session, with the time between them. */
export function Story({ rows }: { readonly rows: readonly RowView[] }) {
  const { story, zone, query } = choice.value;
  const [first] = rows;
  if (story === undefined || first === undefined) return <p>No log of it is loaded.</p>;
  const { field, value } = story;
  return (
    <>
      <p>
        <code>{shortNameOf(field)}</code> <ValueText value={value} />
      </p>
      <p class="story-sentence">
        {counted(rows.length, 'event')} in {formatSpan((rows.at(-1)?.time ?? 0) - first.time)}.{' '}
        {storySentence(rows.map(({ outcome }) => outcome))}
      </p>
      <div class="actions">
        <button type="button" onClick={() => choose({ query: withWish(query, field, value, 'wanted') })}>
          Only these in the list
        </button>
        <button
          type="button"
          onClick={() => {
            choose({ range: { kind: 'last', length: 48 * 3_600_000 } });
            void reload();
          }}
        >
          Look in 48 hours
        </button>
        {field === 'label.rid' && (
          <button type="button" onClick={() => void copy(curlOf(value), 'the command')}>
            Copy as curl
          </button>
        )}
      </div>
      <ol class="timeline">
        {rows.map((row, index) => {
          const before = rows[index - 1];
          return (
            <li key={row.row} class={row.outcome}>
              {before && <span class="gap">{formatSpan(row.time - before.time)} later</span>}
              <button type="button" onClick={() => void openRow(row)}>
                <span class={`badge ${row.outcome}`}>
                  <ValueText value={row.action} />
                </span>
                <span class="time">{formatTime(row.time, zone)}</span>
                <span class="note">
                  <ValueText value={[row.note, row.address].filter((text) => text !== '').join(' · ')} />
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}

const curlOf = (rid: string): string =>
  curlCommand(windowsUrl, { start_time: new Date(Date.now() - 48 * 3_600_000).toISOString(), rid });
