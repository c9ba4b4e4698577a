import { withWish } from '../engine/query/edit.ts';
import { fieldNamed, shortNameOf } from '../engine/query/fields.ts';
import { choice, choose, copy, windowsUrl } from '../state/app-state.ts';
import { curlCommand } from '../state/curl.ts';
import { openStoryOf } from './open-log.ts';
import { ValueText } from './value-text.tsx';

type Group = Readonly<Record<string, unknown>>;

/** The fields whose values lead to a story. */
const STORIES: readonly (readonly [name: string, title: string])[] = [
  ['rid', 'Story of the process'],
  ['master_rid', 'Story of the main process'],
  ['page_analytics_id', 'Story of the page view'],
];

const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null;

/** One log: its JSON as a tree, and what can be done with it. */
export function LogDetails({ line }: { readonly line: string }) {
  const log = JSON.parse(line) as Group;
  const label = isGroup(log['label']) ? log['label'] : {};
  return (
    <>
      <div class="actions">
        {STORIES.map(([name, title]) =>
          typeof label[name] === 'string' ? (
            <button
              type="button"
              key={name}
              class="primary"
              onClick={() => void openStoryOf(`label.${name}`, String(label[name]))}
            >
              {title}
            </button>
          ) : null,
        )}
        <button type="button" onClick={() => void copy(line, 'the log as JSON')}>
          Copy as JSON
        </button>
        <button type="button" onClick={() => void copy(curlOf(log, label), 'the command')}>
          Copy as curl
        </button>
      </div>
      <Tree group={log} path="" />
    </>
  );
}

function Tree({ group, path }: { readonly group: Group; readonly path: string }) {
  return (
    <ul class="tree">
      {Object.entries(group).map(([name, value]) =>
        isGroup(value) ? (
          <li key={name}>
            <details open>
              <summary>
                <ValueText value={name} />
              </summary>
              <Tree group={value} path={`${path}${name}.`} />
            </details>
          </li>
        ) : (
          <Leaf key={name} field={`${path}${name}`} name={name} value={String(value)} />
        ),
      )}
    </ul>
  );
}

function Leaf({
  field,
  name,
  value,
}: {
  readonly field: string;
  readonly name: string;
  readonly value: string;
}) {
  const known = field === '@timestamp' ? undefined : fieldNamed(field);
  const wish = (wanted: 'wanted' | 'excluded') => (): void =>
    choose({ query: withWish(choice.value.query, known ?? field, value, wanted) });
  const what = `${shortNameOf(field)} ${value}`;
  return (
    <li class="leaf">
      <span class="name">{name}</span>
      <ValueText value={value} />
      <span class="leaf-actions">
        {known !== undefined && (
          <>
            <button type="button" aria-label={`Only ${what}`} title="Only this" onClick={wish('wanted')}>
              +
            </button>
            <button
              type="button"
              aria-label={`Without ${what}`}
              title="Without this"
              onClick={wish('excluded')}
            >
              −
            </button>
          </>
        )}
        <button
          type="button"
          aria-label={`Copy ${what}`}
          title="Copy the value"
          onClick={() => void copy(value, 'the value')}
        >
          Copy
        </button>
      </span>
    </li>
  );
}

/** A command that asks for logs of this millisecond, and of this process if the log has one. */
function curlOf(log: Group, label: Group): string {
  const time = Date.parse(String(log['@timestamp']));
  return curlCommand(windowsUrl, {
    start_time: new Date(time).toISOString(),
    end_time: new Date(time + 1).toISOString(),
    ...(typeof label['rid'] === 'string' && { rid: label['rid'] }),
  });
}
