const ID = 'help';

export const helpDialog = (): HTMLDialogElement | null =>
  document.getElementById(ID) as HTMLDialogElement | null;

const TERMS: readonly (readonly [string, string])[] = [
  ['rid:r-1', 'the field has this value; several values of one field are alternatives'],
  ['country:"United Kingdom"', 'a value with spaces or signs, in quotes'],
  ['page_name:sum*', 'an asterisk stands for anything'],
  ['-app:builder', 'not this'],
  ['chrome', 'any field has the text'],
  ['time:2026-11-21T09:00..2026-11-21T10:00', 'a range of time; without a zone it is UTC'],
];

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'to the query'],
  ['Up, Down, Page Up, Page Down, Home, End', 'through the list'],
  ['Enter', 'open the log; in the histogram: zoom into the bars'],
  ['Left, Right', 'in the histogram: from bar to bar; with Shift: choose several'],
  ['Escape', 'close'],
  ['?', 'this help'],
];

/** How to ask, which keys there are, and what the page does not show. */
export function Help() {
  return (
    <dialog id={ID} aria-labelledby="help-title" onClick={closeOutside}>
      <div class="help">
        <h2 id="help-title">Help</h2>
        <h3>The query</h3>
        <List entries={TERMS} />
        <h3>Keys</h3>
        <List entries={KEYS} />
        <h3>What is not here</h3>
        <p>
          The API gives stored logs, and says which of them a custom service did not get. Events that were
          rejected wait in a queue of the service, which this key does not open. Whoever operates the service
          sees counts and reasons with <code>security-logs rejections</code> and in the alarms. When logs may
          be missing from the feed, the page says so.
        </p>
        <form method="dialog">
          <button type="submit" class="primary">
            Close
          </button>
        </form>
      </div>
    </dialog>
  );
}

const List = ({ entries }: { readonly entries: readonly (readonly [string, string])[] }) => (
  <dl>
    {entries.map(([term, meaning]) => (
      <div key={term}>
        <dt>
          <code>{term}</code>
        </dt>
        <dd>{meaning}</dd>
      </div>
    ))}
  </dl>
);

function closeOutside(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
