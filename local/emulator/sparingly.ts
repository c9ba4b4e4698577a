/**
 * For lines that may come often: says the first, and then one in a while, with how many were left out before it.
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
