import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { completed, fieldsBeginningWith, type Unfinished, unfinishedAt } from '../engine/query/complete.ts';
import { parseQuery } from '../engine/query/parse.ts';
import { choice, choose, logs } from '../state/app-state.ts';
import { formatCount } from '../state/format.ts';
import { ValueText } from './value-text.tsx';

interface Option {
  readonly text: string;
  readonly count?: number;
}

const NONE: { unfinished: Unfinished | undefined; options: readonly Option[] } = {
  unfinished: undefined,
  options: [],
};

/** The query, with completion of fields and values. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function QueryBox() {
  const input = useRef<HTMLInputElement>(null);
  const offered = useSignal(NONE);
  const active = useSignal(-1);
  const text = useSignal(choice.value.query);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { query } = choice.value;

  // A facet or the histogram may have changed the query.
  useEffect(() => {
    if (text.peek() !== query) text.value = query;
  }, [query]);

  const close = (): void => {
    offered.value = NONE;
    active.value = -1;
  };
  const apply = (): void => {
    clearTimeout(timer.current);
    choose({ query: text.value.trim() });
  };
  const offer = async (): Promise<void> => {
    const { value, selectionStart } = input.current ?? { value: '', selectionStart: 0 };
    const unfinished = unfinishedAt(value, selectionStart ?? value.length);
    if (unfinished === undefined) return close();
    const options =
      unfinished.kind === 'field'
        ? fieldsBeginningWith(unfinished.prefix).map((name) => ({ text: name }))
        : (await logs.values(unfinished.field, unfinished.prefix)).map(({ value: text, count }) => ({
            text,
            count,
          }));
    if (input.current?.value !== value) return;
    offered.value = { unfinished, options: options.slice(0, 12) };
    active.value = -1;
  };
  const take = (option: Option): void => {
    const { unfinished } = offered.value;
    if (unfinished === undefined || input.current === null) return;
    const done = completed(input.current.value, unfinished, option.text);
    text.value = done.text;
    input.current.value = done.text;
    input.current.setSelectionRange(done.caret, done.caret);
    if (unfinished.kind === 'value') {
      close();
      apply();
    } else void offer();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { options } = offered.value;
    const isOpen = options.length > 0;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) return void offer();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      active.value = (active.value + step + options.length + 1) % (options.length + 1);
      if (active.value === options.length) active.value = step > 0 ? 0 : options.length - 1;
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      const option = options[active.value];
      if (option !== undefined) {
        event.preventDefault();
        take(option);
      } else if (event.key === 'Enter') {
        event.preventDefault();
        close();
        apply();
      }
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      close();
    }
  };
  const { options } = offered.value;
  const { mistakes } = parseQuery(text.value);
  return (
    <search class="query">
      <label for="query">Query</label>
      <div class="combobox">
        <input
          id="query"
          ref={input}
          type="text"
          role="combobox"
          spellcheck={false}
          autocomplete="off"
          placeholder="outcome:failure country:* -app:builder"
          value={text.value}
          aria-expanded={options.length > 0}
          aria-controls="query-options"
          aria-autocomplete="list"
          aria-keyshortcuts="/"
          aria-activedescendant={active.value >= 0 ? `query-option-${active.value}` : undefined}
          aria-describedby={mistakes.length > 0 ? 'query-mistakes' : undefined}
          aria-invalid={mistakes.length > 0}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            clearTimeout(timer.current);
            timer.current = setTimeout(apply, 300);
            void offer();
          }}
          onKeyDown={onKeyDown}
          onClick={() => void offer()}
          onBlur={close}
        />
        <div id="query-options" role="listbox" aria-label="Completions" hidden={options.length === 0}>
          {options.map((option, index) => (
            <div
              key={option.text}
              id={`query-option-${index}`}
              role="option"
              tabindex={-1}
              aria-selected={index === active.value}
              onMouseDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              <ValueText value={option.text} />
              {option.count !== undefined && <span class="count">{formatCount(option.count)}</span>}
            </div>
          ))}
        </div>
      </div>
      <button
        type="button"
        onClick={() => {
          text.value = '';
          apply();
          input.current?.focus();
        }}
      >
        Clear
      </button>
      {mistakes.length > 0 && (
        <p class="error" id="query-mistakes" role="status">
          {mistakes.map(({ message }) => message).join(' ')}
        </p>
      )}
    </search>
  );
}
