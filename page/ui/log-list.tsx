import { useSignal } from '@preact/signals';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { choice, choose, logs, overview, tail, version } from '../state/app-state.ts';
import { formatTime, shortAction } from '../state/format.ts';
import type { RowView } from '../worker/protocol.ts';
import { openRow } from './open-log.ts';
import { rowBlocks } from './row-blocks.ts';
import { ValueText } from './value-text.tsx';

/** Pixels. */
const ROW_HEIGHT = 30;
const COLUMNS = [
  'Time',
  'Action',
  'Application',
  'Process (rid)',
  'Address',
  'Country',
  'Browser',
  'Details',
];

/** All logs that match: only those that can be seen are in the document. https://www.w3.org/WAI/ARIA/apg/patterns/grid/ */
export function LogList() {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const active = useSignal(0);
  const blocks = useRef(rowBlocks(redraw)).current;
  const count = overview.value?.matched ?? 0;
  const { zone, direction } = choice.value;

  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 12,
    onChange: () => redraw(undefined),
  };
  const virtualizer = useRef<Virtualizer<HTMLDivElement, Element>>(undefined);
  virtualizer.current ??= new Virtualizer(options);
  const list = virtualizer.current;
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  useEffect(() => blocks.forget(), [version.value, direction]);
  // New logs would move what one reads.
  const isReading = (list.scrollOffset ?? 0) > ROW_HEIGHT && direction === 'newest';
  useEffect(() => void logs.hold(isReading), [isReading]);

  const move = (to: number): void => {
    active.value = Math.max(0, Math.min(count - 1, to));
    list.scrollToIndex(active.value, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    if (step !== undefined) move(active.value + step);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(count - 1);
    else if (event.key === 'Enter') {
      const row = blocks.at(active.value, count);
      if (row) void openRow(row);
    } else return;
    event.preventDefault();
  };
  const items = list.getVirtualItems();
  return (
    <div
      class="log-list"
      role="grid"
      tabindex={0}
      ref={scroller}
      aria-label="Logs"
      aria-rowcount={count + 1}
      aria-activedescendant={count > 0 ? `row-${active.value}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" class="list-head">
        <div role="row" aria-rowindex={1} class="row head">
          {COLUMNS.map((name) => (
            <span role="columnheader" key={name} aria-sort={name === 'Time' ? sortOf(direction) : undefined}>
              {name === 'Time' ? (
                <button
                  type="button"
                  onClick={() => choose({ direction: direction === 'newest' ? 'oldest' : 'newest' })}
                >
                  Time, {direction} first
                </button>
              ) : (
                name
              )}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="list-body" style={{ height: `${list.getTotalSize()}px` }}>
        {items.map(({ index, start }) => (
          <Row
            key={index}
            index={index}
            start={start}
            row={blocks.at(index, count)}
            isActive={index === active.value}
            zone={zone}
            onOpen={(row) => {
              active.value = index;
              void openRow(row);
            }}
          />
        ))}
      </div>
      {count === 0 && <p class="empty">{tail.value.isOn ? 'No log yet. Following.' : 'No log matches.'}</p>}
    </div>
  );
}

const sortOf = (direction: string): 'descending' | 'ascending' =>
  direction === 'newest' ? 'descending' : 'ascending';

interface RowProps {
  readonly index: number;
  readonly start: number;
  readonly row: RowView | undefined;
  readonly isActive: boolean;
  readonly zone: 'utc' | 'local';
  readonly onOpen: (row: RowView) => void;
}

function Row({ index, start, row, isActive, zone, onOpen }: RowProps) {
  return (
    <div
      role="row"
      id={`row-${index}`}
      tabindex={-1}
      aria-rowindex={index + 2}
      aria-selected={isActive}
      class={`row ${row?.outcome ?? ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => row && onOpen(row)}
    >
      <span role="gridcell" class="time">
        {row ? formatTime(row.time, zone) : '…'}
      </span>
      <span role="gridcell">
        {row && (
          <span class={`badge ${row.outcome}`}>
            <ValueText value={shortAction(row.action)} />
          </span>
        )}
      </span>
      {[row?.application, row?.rid, row?.address, row?.country, row?.browser, row?.note].map(
        (value, column) => (
          <span role="gridcell" key={column}>
            {value ? <ValueText value={value} /> : null}
          </span>
        ),
      )}
    </div>
  );
}
