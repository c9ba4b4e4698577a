import { useRef } from 'preact/hooks';
import { choice, choose, progress, reload } from '../state/app-state.ts';
import { formatInput, parseInput } from '../state/format.ts';
import { nameOfRange, RELATIVE_RANGES, rangeOf } from '../state/fragment.ts';

const NAMES: Readonly<Record<string, string>> = {
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '48h': 'Last 48 hours',
};

/** Chooses for which time logs are loaded: relative to now, or between two times. */
export function RangePicker() {
  const { range, zone } = choice.value;
  const from = useRef<HTMLInputElement>(null);
  const until = useRef<HTMLInputElement>(null);
  const shown = progress.value?.range ?? rangeOf(range, Date.now());

  const pick = (name: string): void => {
    if (name === 'between') choose({ range: { kind: 'between', ...shown } });
    else {
      choose({ range: { kind: 'last', length: RELATIVE_RANGES[name as keyof typeof RELATIVE_RANGES] } });
      void reload();
    }
  };
  const apply = (event: Event): void => {
    event.preventDefault();
    const wanted = {
      from: parseInput(from.current?.value ?? '', zone),
      until: parseInput(until.current?.value ?? '', zone),
    };
    if (!(wanted.from < wanted.until)) {
      until.current?.setCustomValidity('The end must be after the beginning.');
      until.current?.reportValidity();
      return;
    }
    choose({ range: { kind: 'between', ...wanted } });
    void reload();
  };
  return (
    <>
      <label class="field">
        <span class="visually-hidden">Time range</span>
        <select
          value={range.kind === 'last' ? nameOfRange(range.length) : 'between'}
          onChange={(event) => pick(event.currentTarget.value)}
        >
          {Object.entries(NAMES).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
          <option value="between">Between two times…</option>
        </select>
      </label>
      {range.kind === 'between' && (
        <form class="between" onSubmit={apply}>
          <label>
            From{' '}
            <input ref={from} type="datetime-local" step="1" required value={formatInput(range.from, zone)} />
          </label>
          <label>
            until{' '}
            <input
              ref={until}
              type="datetime-local"
              step="1"
              required
              value={formatInput(range.until, zone)}
              onInput={(event) => event.currentTarget.setCustomValidity('')}
            />
          </label>
          <button type="submit">Apply</button>
        </form>
      )}
    </>
  );
}
