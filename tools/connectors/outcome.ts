import type { Verdict } from './run-connector.ts';

/** How the run of one connector ended. */
export type Outcome =
  | { readonly kind: 'run'; readonly verdict: Verdict }
  | { readonly kind: 'skipped' | 'failed'; readonly reason: string };

export const isGood = (outcome: Outcome): boolean =>
  outcome.kind === 'skipped' ||
  (outcome.kind === 'run' && outcome.verdict.lost.length === 0 && outcome.verdict.doubled.length === 0);

/** Such as `curl-jq: 241 published, 0 lost, 0 doubled; ...`. */
export function outcomeLine(name: string, outcome: Outcome): string {
  if (outcome.kind !== 'run') return `${name}: ${outcome.kind}: ${outcome.reason}`;
  const { published, lost, doubled, seconds } = outcome.verdict;
  const examples = [...lost, ...doubled].slice(0, 3);
  const numbers = `${published} published, ${lost.length} lost, ${doubled.length} doubled in ${Math.round(seconds)} s`;
  return `${name}: ${numbers}${examples.length > 0 ? `: ${examples.join(', ')}` : ''}`;
}
