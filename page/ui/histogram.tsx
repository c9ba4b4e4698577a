import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { OUTCOMES } from '../../shared/event/outcome.ts';
import type { Histogram as Bars } from '../engine/histogram.ts';
import { hasTimeRange, withoutTimeRange, withTimeRange } from '../engine/query/edit.ts';
import { choice, choose, overview } from '../state/app-state.ts';
import { counted, formatHour, formatSpan, formatTime } from '../state/format.ts';

const WIDTH = 1000;
const HEIGHT = 100;

/** The outcomes from the bottom of a bar to its top, so that failures are easy to compare. */
const STACK = ['failure', 'success', 'none'] as const;

interface Brush {
  readonly anchor: number;
  readonly end: number;
}

const sum = (bar: readonly number[]): number => bar.reduce((total, count) => total + count, 0);

/** How many logs there are over time. Dragging, clicking and keys zoom into a part of it. */
export function Histogram() {
  const svg = useRef<SVGSVGElement>(null);
  const brush = useSignal<Brush | undefined>(undefined);
  const histogram = overview.value?.histogram;
  if (histogram === undefined) return null;
  const { bars, start, length } = histogram;
  const { zone, query } = choice.value;
  const most = Math.max(1, ...bars.map(sum));
  const width = WIDTH / bars.length;
  const timeOf = (bar: number): number => start + bar * length;

  const barAt = (event: PointerEvent): number => {
    const { left, width: shown } = (svg.current as SVGSVGElement).getBoundingClientRect();
    const bar = Math.floor(((event.clientX - left) / shown) * bars.length);
    return Math.min(bars.length - 1, Math.max(0, bar));
  };
  const zoom = ({ anchor, end }: Brush): void => {
    brush.value = undefined;
    const [first, last] = [Math.min(anchor, end), Math.max(anchor, end)];
    choose({ query: withTimeRange(choice.value.query, timeOf(first), timeOf(last + 1)) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -bars.length, End: bars.length }[event.key];
    const current = brush.value ?? { anchor: bars.length, end: bars.length };
    if (step !== undefined) {
      const end = Math.min(bars.length - 1, Math.max(0, current.end + step));
      brush.value = { anchor: event.shiftKey ? Math.min(current.anchor, bars.length - 1) : end, end };
    } else if (event.key === 'Enter' && brush.value) zoom(brush.value);
    else if (event.key === 'Escape' && brush.value) {
      brush.value = undefined;
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  const chosen = brush.value && {
    first: Math.min(brush.value.anchor, brush.value.end, bars.length - 1),
    last: Math.min(Math.max(brush.value.anchor, brush.value.end), bars.length - 1),
  };
  return (
    <section class="histogram" aria-label="Logs over time">
      <div
        class="plot"
        role="slider"
        tabindex={0}
        aria-label="Histogram: arrows choose bars, Enter zooms into them"
        aria-valuemin={0}
        aria-valuemax={bars.length - 1}
        aria-valuenow={chosen?.last ?? bars.length - 1}
        aria-valuetext={
          chosen
            ? barText(histogram, chosen.first, chosen.last)
            : `${bars.length} bars of ${formatSpan(length)}`
        }
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          brush.value = { anchor: barAt(event), end: barAt(event) };
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1 && brush.value) brush.value = { ...brush.value, end: barAt(event) };
        }}
        onPointerUp={() => brush.value && zoom(brush.value)}
        onPointerCancel={() => {
          brush.value = undefined;
        }}
      >
        <svg ref={svg} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {bars.map((bar, index) => {
            let top = HEIGHT;
            return STACK.map((outcome) => {
              const count = bar[OUTCOMES.indexOf(outcome)] as number;
              const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 4));
              top -= height;
              return height > 0 ? (
                <rect
                  key={`${index}-${outcome}`}
                  class={`bar ${outcome}`}
                  x={index * width + width * 0.08}
                  y={Math.max(0, top)}
                  width={width * 0.84}
                  height={height}
                >
                  <title>{barText(histogram, index, index)}</title>
                </rect>
              ) : null;
            });
          })}
          {chosen && (
            <rect
              class="brush"
              x={chosen.first * width}
              y={0}
              width={(chosen.last - chosen.first + 1) * width}
              height={HEIGHT}
            />
          )}
        </svg>
      </div>
      <div class="axis">
        <span>{formatHour(start, zone)}</span>
        <span>
          {counted(sum(bars.map(sum)), 'log')}, {formatSpan(length)} a bar, at most {most} in one
        </span>
        <span>{formatHour(timeOf(bars.length), zone)}</span>
      </div>
      <div class="under">
        <ul class="legend" aria-label="Colours">
          {STACK.map((outcome) => (
            <li key={outcome}>
              <span class={`swatch ${outcome}`} aria-hidden="true" /> {LEGEND[outcome]}
            </li>
          ))}
        </ul>
        {hasTimeRange(query) && (
          <button type="button" onClick={() => choose({ query: withoutTimeRange(query) })}>
            Zoom out
          </button>
        )}
        <BarTable histogram={histogram} />
      </div>
    </section>
  );
}

const LEGEND = {
  failure: 'authentication failed',
  success: 'authentication succeeded',
  none: 'other events',
} as const;

function barText({ bars, start, length }: Bars, first: number, last: number): string {
  const { zone } = choice.value;
  const counts = OUTCOMES.map((_, outcome) =>
    bars.slice(first, last + 1).reduce((total, bar) => total + (bar[outcome] as number), 0),
  );
  const [success = 0, failure = 0] = counts;
  const from = formatTime(start + first * length, zone);
  return `${from}, ${formatSpan((last - first + 1) * length)}: ${counted(sum(counts), 'log')}, ${failure} failed, ${success} succeeded`;
}

/** The bars as text. */
function BarTable({ histogram: { bars, start, length } }: { readonly histogram: Bars }) {
  const isOpen = useSignal(false);
  return (
    <details class="as-table" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen.value && (
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {OUTCOMES.map((outcome) => (
                <th scope="col" key={outcome}>
                  {outcome}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map((bar, index) =>
              sum(bar) === 0 ? null : (
                <tr key={start + index * length}>
                  <th scope="row">{formatTime(start + index * length, choice.value.zone)}</th>
                  {bar.map((count, outcome) => (
                    <td key={OUTCOMES[outcome]}>{count}</td>
                  ))}
                </tr>
              ),
            )}
          </tbody>
        </table>
      )}
    </details>
  );
}
