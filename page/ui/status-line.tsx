import {
  choice,
  choose,
  failure,
  filterTime,
  isLoading,
  logs,
  notice,
  overview,
  progress,
  reload,
  tail,
} from '../state/app-state.ts';
import { errorSentence, type WayOut } from '../state/error-sentence.ts';
import { counted, formatBytes, formatCount, formatSpan, formatTime } from '../state/format.ts';

/** What is loaded, what is left, and what went wrong. */
export function StatusLine() {
  const failed = failure.value;
  return (
    <section class="status" aria-label="State of loading">
      <p role="status">
        {summary()} {notice.value}
      </p>
      <ProgressBar />
      {failed !== undefined && <Failed {...errorSentence(failed)} />}
      <Tail />
    </section>
  );
}

function summary(): string {
  const state = progress.value;
  const shown = overview.value;
  if (state === undefined || shown === undefined) return 'Asking the API…';
  const { zone, query } = choice.value;
  const count =
    shown.matched === shown.total
      ? counted(shown.total, 'log')
      : `${formatCount(shown.matched)} of ${counted(shown.total, 'log')}`;
  const matched = query === '' ? count : `${count}, found in ${Math.max(1, Math.round(filterTime.value))} ms`;
  if (state.isFull)
    return `${matched}. There is no room for more: only logs from ${formatTime(state.loadedFrom, zone)} on are here.`;
  if (!isLoading.value) return `${matched}, ${formatBytes(state.bytes)}.`;
  const left = formatSpan(state.loadedFrom - state.range.from);
  return `${matched}, ${formatBytes(state.bytes)}. Loading: ${left} are left.`;
}

function ProgressBar() {
  const state = progress.value;
  if (state === undefined || !isLoading.value) return null;
  const { from, until } = state.range;
  return <progress aria-label="Loading" max={until - from} value={Math.max(0, until - state.loadedFrom)} />;
}

const WAYS_OUT: Readonly<Record<WayOut, string>> = {
  'enter-key': 'Enter a key',
  'ask-again': 'Ask again',
  'shorter-range': 'Show the last 15 minutes',
};

function Failed({ text, wayOut }: { readonly text: string; readonly wayOut: WayOut }) {
  const go = (): void => {
    if (wayOut === 'shorter-range') choose({ range: { kind: 'last', length: 900_000 } });
    void reload();
  };
  return (
    <p class="error" role="alert">
      {text}{' '}
      <button type="button" onClick={go}>
        {WAYS_OUT[wayOut]}
      </button>
    </p>
  );
}

function Tail() {
  const { isOn, waiting, gapSince, failure: failed } = tail.value;
  return (
    <>
      {waiting > 0 && (
        <button type="button" class="waiting" onClick={() => void logs.hold(false)}>
          {counted(waiting, 'new log')} waiting: show {waiting === 1 ? 'it' : 'them'}
        </button>
      )}
      {gapSince !== undefined && (
        <p class="error" role="alert">
          Logs that were stored since {gapSince || 'a while'} may be missing here.
        </p>
      )}
      {failed !== undefined && (
        <p class="error" role="alert">
          {isOn ? 'Following was interrupted and goes on. ' : 'Following has ended. '}
          {errorSentence(failed).text}
        </p>
      )}
    </>
  );
}
