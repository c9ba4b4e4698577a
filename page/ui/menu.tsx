import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

/** A button that opens a few choices. Escape and leaving it close it. */
export function Menu({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (details.current) details.current.open = false;
  };
  return (
    <details
      class="menu"
      ref={details}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !details.current?.open) return;
        event.stopPropagation();
        close();
        details.current.querySelector('summary')?.focus();
      }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) close();
      }}
      onClick={(event) => {
        if ((event.target as Element).closest('button')) close();
      }}
    >
      <summary>{name}</summary>
      <div class="choices">{children}</div>
    </details>
  );
}
