import { visibleText } from '../engine/visible-text.ts';

/** A value of a log, as text and never as anything else (docs/page.md#what-the-page-may-do). */
export function ValueText({ value }: { readonly value: string }) {
  return (
    <bdi class="value">
      {visibleText(value).map(({ text, kind }) => {
        if (kind === 'plain') return text;
        if (kind === 'mixed')
          return (
            <mark class="mixed" title="letters of several alphabets">
              {text}
            </mark>
          );
        return (
          <span class="hidden-sign" title="a sign that has no shape">
            {text}
          </span>
        );
      })}
    </bdi>
  );
}
