import { batch, computed, effect, signal } from '@preact/signals';
import { choice, choose, logs, overview } from '../state/app-state.ts';
import type { Choice } from '../state/fragment.ts';
import type { RowView } from '../worker/protocol.ts';

/** The log or the story that is open. `choice` names it, as the address does. */

/** The JSON of the open log, as the API gave it. */
export const openLine = signal<string | undefined>(undefined);
export const openStory = signal<readonly RowView[] | undefined>(undefined);

let focusBefore: Element | null = null;

/** Opens a log beside the list. */
export async function openRow({ row, time }: RowView): Promise<void> {
  keepFocus();
  const nth = await logs.nthOf(row);
  choose({ open: { time, nth }, story: undefined });
}

/** Opens all logs in which a field has this value, oldest first. */
export function openStoryOf(field: string, value: string): void {
  keepFocus();
  choose({ story: { field, value }, open: undefined });
}

/** Closes what is open; the focus goes back to where it was. */
export function close(): void {
  choose({ open: undefined, story: undefined });
  openLine.value = undefined;
  openStory.value = undefined;
  if (focusBefore instanceof HTMLElement) focusBefore.focus();
}

function keepFocus(): void {
  if (openLine.value === undefined && openStory.value === undefined) focusBefore = document.activeElement;
}

type Named = Pick<Choice, 'open' | 'story'>;

/**
 * Shows what is chosen, whoever chose it: a click, or a change of the address. It looks again when there are other logs.
 *
 * @returns ends this
 */
export function showChosen(): () => void {
  const open = computed(() => choice.value.open);
  const story = computed(() => choice.value.story);
  let shown: Named = { open: undefined, story: undefined };
  const show = async (named: Named): Promise<void> => {
    const { line, rows } = await find(named);
    if (named.open !== open.peek() || named.story !== story.peek()) return;
    const isShown = named.open === shown.open && named.story === shown.story;
    // While logs are loaded again, what is open stays.
    if (isShown && line === undefined && !rows?.length) return;
    shown = named;
    batch(() => {
      openLine.value = line;
      openStory.value = rows;
    });
  };
  return effect(() => {
    if (overview.value !== undefined) void show({ open: open.value, story: story.value });
  });
}

async function find({ open, story }: Named): Promise<{ line?: string; rows?: readonly RowView[] }> {
  // The address may name a field that does not exist.
  if (story) return { rows: await logs.story(story.field, story.value).catch(() => []) };
  const row = open ? await logs.rowOf(open.time, open.nth) : -1;
  return row < 0 ? {} : { line: await logs.line(row) };
}
