import type { LogEngine } from '../engine/log-engine.ts';
import { ServiceError } from '../service/ask.ts';
import { askFeed, withoutStorage } from '../service/feed.ts';
import { failureOf } from './failure.ts';
import type { Service, TailState } from './protocol.ts';

/** How long to wait at the end of the feed, milliseconds. */
const PAUSE = 2000;

export interface Following {
  readonly engine: LogEngine;
  /** How many logs of the feed had each text, since the windows were loaded. */
  readonly seen: Map<string, number>;
  /** How many logs the engine may have. */
  readonly mostRows: number;
  onState(state: TailState): void;
  /** Is called when the engine has new logs. */
  onLogs(): void;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * Follows the feed from a place on and adds its logs to the engine. A log that the engine has from a window already is
 * not added again: a window and the feed may both have what was stored while the window was read.
 */
export class Follower {
  readonly #following: Following;
  #held = false;
  #waiting: { line: string; time: number }[] = [];
  #gapSince: string | undefined;
  #stop = new AbortController();

  constructor(following: Following) {
    this.#following = following;
  }

  /**
   * @param cursor from where on
   * @returns where it stopped, when it is told to stop or cannot go on
   */
  async follow(cursor: string, { feedUrl, key }: Service): Promise<string> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    let place = cursor;
    try {
      this.#tell({});
      for (;;) {
        const { wait } = this.#following;
        try {
          const answer = await askFeed(place, { url: new URL(feedUrl), key, signal });
          place = answer.cursor;
          this.#gapSince = answer.gapSince ?? this.#gapSince;
          this.#waiting.push(...answer.lines.map(withoutStorage));
          if (!this.#held) this.#letIn();
          this.#tell({});
          if (!answer.hasMore) await wait(PAUSE, signal);
        } catch (error) {
          if (!(error instanceof ServiceError) || error.status === 401 || error.status === 400) throw error;
          this.#tell({ failure: failureOf(error) });
          await wait(Math.max(PAUSE, error.retryAfter), signal);
        }
      }
    } catch (error) {
      this.#tell({ isOn: false, ...(!signal.aborted && { failure: failureOf(error) }) });
    }
    return place;
  }

  /** What waits is let in: it is behind the place from which following goes on. */
  stop(): void {
    this.#stop.abort();
    this.#letIn();
  }

  hold(isHeld: boolean): void {
    this.#held = isHeld;
    if (isHeld) return;
    this.#letIn();
    this.#tell({});
  }

  /** Logs of one answer are different logs, so all are compared before the first is added. */
  #letIn(): void {
    const { engine, seen: counts, mostRows, onLogs } = this.#following;
    const fresh = this.#waiting.filter(({ line, time }) => {
      const seen = counts.get(line) ?? 0;
      counts.set(line, seen + 1);
      return engine.countOf(time, line) <= seen;
    });
    this.#waiting = [];
    for (const { line } of fresh) if (engine.table.length < mostRows) engine.append(line);
    if (fresh.length > 0) onLogs();
  }

  #tell(state: Partial<TailState>): void {
    const { onState } = this.#following;
    onState({ isOn: true, waiting: this.#waiting.length, gapSince: this.#gapSince, ...state });
  }
}
