import {
  choice,
  choose,
  copy,
  forgetKey,
  logs,
  progress,
  reload,
  tail,
  windowsUrl,
} from '../state/app-state.ts';
import { curlCommand } from '../state/curl.ts';
import type { Choice } from '../state/fragment.ts';
import { rangeOf, writeFragment } from '../state/fragment.ts';
import { helpDialog } from './help.tsx';
import { Menu } from './menu.tsx';
import { RangePicker } from './range-picker.tsx';

/** The range, following, exporting, and how everything is shown. */
export function TopBar() {
  const { zone, theme } = choice.value;
  const { isOn } = tail.value;
  return (
    <header class="top-bar">
      <h1>Security logs</h1>
      <RangePicker />
      <button type="button" onClick={() => void reload()}>
        Reload
      </button>
      <button type="button" aria-pressed={isOn} onClick={() => void logs.follow(!isOn)}>
        <span class="live-dot" aria-hidden="true" /> Follow
      </button>
      <span class="space" />
      <Menu name="Export">
        <button type="button" onClick={() => void save('ndjson')}>
          What is shown, as NDJSON
        </button>
        <button type="button" onClick={() => void save('csv')}>
          What is shown, as CSV
        </button>
        <button type="button" onClick={() => void copy(curlOfRange(), 'the command')}>
          Copy a curl command for this range
        </button>
      </Menu>
      <button
        type="button"
        onClick={() => void copy(frozenLink(), 'the link: it shows the same to whoever has a key')}
      >
        Copy link
      </button>
      <label class="field">
        <span class="visually-hidden">Time zone</span>
        <select
          value={zone}
          onChange={(event) => choose({ zone: event.currentTarget.value as Choice['zone'] })}
        >
          <option value="utc">UTC</option>
          <option value="local">{Intl.DateTimeFormat().resolvedOptions().timeZone} time</option>
        </select>
      </label>
      <label class="field">
        <span class="visually-hidden">Colours</span>
        <select
          value={theme}
          onChange={(event) => choose({ theme: event.currentTarget.value as Choice['theme'] })}
        >
          <option value="auto">As the system</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <button type="button" aria-keyshortcuts="?" onClick={() => helpDialog()?.showModal()}>
        Help
      </button>
      <button type="button" onClick={forgetKey}>
        Forget key
      </button>
    </header>
  );
}

/** The address with the times of now in the place of a relative range. */
function frozenLink(): string {
  const range = progress.value?.range ?? rangeOf(choice.value.range, Date.now());
  const fragment = writeFragment({ ...choice.value, range: { kind: 'between', ...range } });
  return `${location.origin}${location.pathname}#${fragment}`;
}

function curlOfRange(): string {
  const { from, until } = progress.value?.range ?? rangeOf(choice.value.range, Date.now());
  return curlCommand(windowsUrl, {
    start_time: new Date(from).toISOString(),
    end_time: new Date(until).toISOString(),
    order: choice.value.direction === 'newest' ? 'desc' : 'asc',
  });
}

async function save(format: 'ndjson' | 'csv'): Promise<void> {
  const file = await logs.exportAs(format);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `security-logs.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
