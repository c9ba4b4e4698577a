import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LogDetails } from './log-details.tsx';
import { close, openLine, openStory } from './open-log.ts';
import { Story } from './story.tsx';

/** What is open, beside the list. */
export function Drawer() {
  const line = openLine.value;
  if (line !== undefined)
    return (
      <Panel title="Log" name={line}>
        <LogDetails line={line} />
      </Panel>
    );
  if (openStory.value !== undefined)
    return (
      <Panel title="Story" name="story">
        <Story rows={openStory.value} />
      </Panel>
    );
  return null;
}

interface PanelProps {
  readonly title: string;
  /** Of what is open: another one takes the focus. */
  readonly name: string;
  readonly children: ComponentChildren;
}

function Panel({ title, name, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [name]);
  return (
    <aside class="drawer" aria-label={title}>
      <div class="drawer-head">
        <h2 ref={heading} tabindex={-1}>
          {title}
        </h2>
        <button type="button" onClick={close} aria-keyshortcuts="Escape">
          Close
        </button>
      </div>
      {children}
    </aside>
  );
}
