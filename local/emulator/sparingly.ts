/**
 * Limits how often a line is logged: the first one is, and then one an interval, with how many were left out.
 *
 * @param interval milliseconds between two lines
 * @param now milliseconds of a clock that never goes back
 */
export function sparingly(
  say: (line: string) => void,
  interval: number,
  now: () => number = () => performance.now(),
): (line: string) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (line) => {
    if (now() - saidAt < interval) {
      leftOut += 1;
      return;
    }
    say(leftOut === 0 ? line : `${line} (and ${leftOut} more before it)`);
    saidAt = now();
    leftOut = 0;
  };
}
