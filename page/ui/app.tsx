import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { choice, choose, key, overview, version } from '../state/app-state.ts';
import { Deliveries } from './deliveries.tsx';
import { Drawer } from './drawer.tsx';
import { Facets } from './facets.tsx';
import { Help, helpDialog } from './help.tsx';
import { Histogram } from './histogram.tsx';
import { KeyForm } from './key-form.tsx';
import { LogList } from './log-list.tsx';
import { close, openChosen } from './open-log.ts';
import { Processes } from './processes.tsx';
import { QueryBox } from './query-box.tsx';
import { StatusLine } from './status-line.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page. */
export function App() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    const stop = effect(() => {
      if (version.value > 0) void openChosen();
    });
    return () => {
      removeEventListener('keydown', onKey);
      stop();
    };
  }, []);
  if (key.value === undefined) return <KeyForm />;
  return (
    <>
      <a class="skip" href="#logs" onClick={toTheLogs}>
        To the logs
      </a>
      <TopBar />
      <main>
        <QueryBox />
        <StatusLine />
        <Histogram />
        <div class="columns">
          <Facets />
          <div class="results" id="logs">
            <Views />
            <View />
          </div>
          <Drawer />
        </div>
      </main>
      <Help />
    </>
  );
}

/** The link has no place in the address, which has what was chosen. */
function toTheLogs(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('[role=grid], .processes')?.focus();
}

function View() {
  const { view } = choice.value;
  if (view === 'events') return <LogList />;
  return view === 'processes' ? <Processes /> : <Deliveries />;
}

function Views() {
  const { view } = choice.value;
  return (
    <div class="views" role="group" aria-label="View">
      <button type="button" aria-pressed={view === 'events'} onClick={() => choose({ view: 'events' })}>
        Events
      </button>
      <button type="button" aria-pressed={view === 'processes'} onClick={() => choose({ view: 'processes' })}>
        Processes
      </button>
      <button
        type="button"
        aria-pressed={view === 'undelivered'}
        onClick={() => choose({ view: 'undelivered' })}
      >
        Undelivered
      </button>
      <span class="visually-hidden" role="status">
        {overview.value?.matched ?? 0} logs match
      </span>
    </div>
  );
}

function onKey(event: KeyboardEvent): void {
  if (key.value === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const isWriting = (event.target as Element).matches('input, select, textarea');
  if (event.key === 'Escape' && !helpDialog()?.open) close();
  else if (!isWriting && event.key === '/') document.getElementById('query')?.focus();
  else if (!isWriting && event.key === '?') helpDialog()?.showModal();
  else return;
  event.preventDefault();
}
