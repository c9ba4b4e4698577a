/** How long a minute is, milliseconds. */
const MINUTE = 60_000;

const RATE = /^rate\((\d+)\s+(minute|hour|day)(s?)\)$/;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

export interface Schedule {
  /** Minutes between two times. */
  readonly period: number;
  /** What is due. It handles its own errors. */
  run(): Promise<void>;
}

/**
 * Reads a rate: `rate(1 minute)`, `rate(5 minutes)`, and so for hours and days.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
 *
 * @param path where the expression stands, for errors
 * @returns minutes
 * @throws Error naming an expression that is no rate
 */
export function ratePeriod(expression: string, path: string): number {
  const [, value, unit = '', plural] = RATE.exec(expression) ?? [];
  const count = Number(value ?? 0);
  if (count === 0 || (count === 1) !== (plural === '')) {
    throw new Error(
      `${path}: ${expression} is unknown to the local stack, which has rates such as rate(5 minutes)`,
    );
  }
  return count * (MINUTES[unit] ?? 0);
}

/**
 * Runs each schedule one period from now, and then each period. It keeps no process alive.
 *
 * @param minute how long a minute is, milliseconds; less than that in tests
 * @returns `close` waits for what is running
 */
export function startSchedules(schedules: readonly Schedule[], minute = MINUTE): { close(): Promise<void> } {
  let minutes = 0;
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    minutes += 1;
    const due = schedules.filter(({ period }) => minutes % period === 0);
    running = Promise.all([running, ...due.map(({ run }) => run())]);
  }, minute).unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
