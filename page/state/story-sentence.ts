/**
 * @param outcomes of the events of a process, in the order of their time
 * @returns a sentence on its authentication; empty if there was none
 */
export function storySentence(outcomes: readonly string[]): string {
  const letters = outcomes
    .map((outcome) => (outcome === 'failure' ? 'f' : outcome === 'success' ? 's' : ''))
    .join('');
  const failures = letters.split('f').length - 1;
  if (letters === '') return '';
  if (failures === 0) return 'Authentication succeeded.';
  const runs = [...letters.matchAll(/(f+)s/g)].map(([, run = '']) => run.length);
  if (runs.length === 0)
    return `Authentication failed ${times(failures)}${letters.includes('s') ? ' after it had succeeded' : ' and never succeeded'}.`;
  const before = Math.max(...runs);
  const others = failures > before ? ` (${times(failures)} in all)` : '';
  return `Authentication failed ${times(before)}${others}, then it succeeded.`;
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
