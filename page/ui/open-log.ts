import { signal } from '@preact/signals';
import { choice, choose, logs } from '../state/app-state.ts';
import type { RowView } from '../worker/protocol.ts';

/** The log that is open, and the story that is open. */

/** The JSON of the open log, as the API gave it. */
export const openLine = signal<string | undefined>(undefined);
export const openStory = signal<readonly RowView[] | undefined>(undefined);

let focusBefore: Element | null = null;

/** Opens a log beside the list. */
export async function openRow({ row, time }: RowView): Promise<void> {
  if (openLine.value === undefined && openStory.value === undefined) focusBefore = document.activeElement;
  const line = await logs.line(row);
  const nth = await logs.nthOf(row);
  openLine.value = line;
  openStory.value = undefined;
  choose({ open: { time, nth }, story: undefined });
}

/** Opens all logs in which a field has this value, oldest first. */
export async function openStoryOf(field: string, value: string): Promise<void> {
  if (openLine.value === undefined && openStory.value === undefined) focusBefore = document.activeElement;
  openStory.value = await logs.story(field, value);
  openLine.value = undefined;
  choose({ story: { field, value }, open: undefined });
}

/** Closes what is open; the focus goes back to where it was. */
export function close(): void {
  openLine.value = undefined;
  openStory.value = undefined;
  choose({ open: undefined, story: undefined });
  if (focusBefore instanceof HTMLElement) focusBefore.focus();
}

/** Opens what the address names, once logs are there. */
export async function openChosen(): Promise<void> {
  const { open, story } = choice.peek();
  if (story) {
    const rows = await logs.story(story.field, story.value).catch(() => []);
    if (choice.peek().story === story && rows.length > 0) openStory.value = rows;
  } else if (open && openLine.peek() === undefined) {
    const row = await logs.rowOf(open.time, open.nth);
    if (row >= 0) openLine.value = await logs.line(row);
  }
}
