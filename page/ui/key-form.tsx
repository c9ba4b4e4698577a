import { useRef } from 'preact/hooks';
import { enterKey, failure, isKeyInLinkRefused } from '../state/app-state.ts';
import { errorSentence } from '../state/error-sentence.ts';

/** Asks for the key of the API. */
export function KeyForm() {
  const input = useRef<HTMLInputElement>(null);
  const kept = useRef<HTMLInputElement>(null);
  const sentence = failure.value && errorSentence(failure.value).text;
  return (
    <main class="key-form">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const key = input.current?.value.trim() ?? '';
          if (key !== '') enterKey(key, kept.current?.checked ?? false);
        }}
      >
        <h1>Security logs</h1>
        <p>The page holds no data. It asks the API with your key.</p>
        {isKeyInLinkRefused.value && (
          <p class="error" role="alert">
            The link had a key in it. A key in a link is not used: whoever saw the link has it. Ask for
            another key.
          </p>
        )}
        {sentence !== undefined && (
          <p class="error" role="alert" id="key-error">
            {sentence}
          </p>
        )}
        <label for="key">API key</label>
        <input
          id="key"
          ref={input}
          type="password"
          autocomplete="off"
          required
          autofocus
          aria-describedby={sentence === undefined ? undefined : 'key-error'}
        />
        <label class="check">
          <input ref={kept} type="checkbox" /> Keep it until this tab is closed
        </label>
        <button type="submit" class="primary">
          Show the logs
        </button>
      </form>
    </main>
  );
}
