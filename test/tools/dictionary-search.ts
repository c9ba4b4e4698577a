import { deflateRawSync } from 'node:zlib';

/** Finds the dictionary that makes logs smallest, by compressing logs with it. */

/** As log-codec.ts compresses. */
const LEVEL = 6;
/** A candidate is tried on at most so many of the logs it is found in. */
const TRIALS = 64;

export interface Search {
  readonly jsons: readonly string[];
  /** How many bytes of UTF-8 the dictionary may have. */
  readonly limit: number;
  /** The least a text must save, in bytes per log, averaged over all of them. */
  readonly leastGain: number;
  readonly report: (message: string) => void;
}

/** Bytes of a log, deflated. */
export const deflatedSize = (json: string, dictionary: string): number =>
  deflateRawSync(json, { level: LEVEL, ...(dictionary && { dictionary: Buffer.from(dictionary) }) }).length;

/** Bytes of a log, deflated: the mean. */
export const meanSize = (jsons: readonly string[], dictionary: string): number =>
  jsons.reduce((sum, json) => sum + deflatedSize(json, dictionary), 0) / jsons.length;

/**
 * Chooses whole skeletons for the dictionary's end, where a distance costs least: each time the one that, put before
 * those already chosen, makes the logs smallest.
 */
export function chooseSkeletons(
  skeletons: readonly string[],
  count: number,
  { jsons, report }: Search,
): string[] {
  const chosen: string[] = [];
  for (let i = 0; i < count; i++) {
    const sizes = skeletons.map((skeleton) => ({
      skeleton,
      size: meanSize(jsons, skeleton + chosen.join('')),
    }));
    const best = sizes.reduce((a, b) => (b.size < a.size ? b : a));
    chosen.unshift(best.skeleton);
    report(`${i + 1} skeletons: ${best.size.toFixed(1)} bytes a log`);
  }
  return chosen;
}

interface Candidate {
  readonly text: string;
  readonly indexes: readonly number[];
  /** Bytes it saves per log, as last measured. What it saves only falls while the dictionary grows. */
  gain: number;
}

/**
 * Puts texts before those already chosen, the one that saves most first, so that it is nearest to the end.
 *
 * @param texts each with the logs it is found in (`sharedTexts`)
 * @returns the dictionary's texts in order
 */
export function chooseTexts(
  texts: ReadonlyMap<string, readonly number[]>,
  end: readonly string[],
  { jsons, limit, leastGain, report }: Search,
): string[] {
  const chosen = [...end];
  let dictionary = chosen.join('');
  let sizes = jsons.map((json) => deflatedSize(json, dictionary));

  const measure = ({ text, indexes }: Candidate): number => {
    const step = Math.max(1, indexes.length / TRIALS);
    const trials = Math.min(TRIALS, indexes.length);
    let saved = 0;
    for (let trial = 0; trial < trials; trial++) {
      const index = indexes[Math.floor(trial * step)] ?? 0;
      saved += (sizes[index] ?? 0) - deflatedSize(jsons[index] ?? '', text + dictionary);
    }
    return (saved / trials) * (indexes.length / jsons.length);
  };

  let candidates = [...texts].map(([text, indexes]): Candidate => ({ text, indexes, gain: 0 }));
  for (const candidate of candidates) candidate.gain = measure(candidate);
  report(`${candidates.length} candidates measured`);

  for (;;) {
    candidates = candidates.filter(({ gain }) => gain >= leastGain).sort((a, b) => b.gain - a.gain);
    const best = takeBest(candidates, measure);
    if (best === undefined || best.gain < leastGain) return chosen;
    candidates.splice(candidates.indexOf(best), 1);
    if (Buffer.byteLength(best.text + dictionary) > limit) continue;
    chosen.unshift(best.text);
    dictionary = best.text + dictionary;
    sizes = jsons.map((json) => deflatedSize(json, dictionary));
    report(`${Buffer.byteLength(dictionary)} bytes: ${average(sizes).toFixed(1)} bytes a log; ${best.text}`);
  }
}

/** Measures again from the top until one stays on top: the others cannot have become better. */
function takeBest(sorted: Candidate[], measure: (candidate: Candidate) => number): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of sorted) {
    if (best !== undefined && best.gain >= candidate.gain) break;
    candidate.gain = measure(candidate);
    if (best === undefined || candidate.gain > best.gain) best = candidate;
  }
  return best;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
