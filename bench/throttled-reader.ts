import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** A gateway's cap on a streamed answer: so many bytes at full speed, then so many a millisecond. */
export interface Cap {
  readonly burstBytes: number;
  readonly bytesPerMs: number;
}

/** A destination that takes an answer no faster than the cap allows, or as fast as it comes without one. */
export class ThrottledReader extends Writable {
  bytes = 0;
  firstByteAt: number | undefined;
  readonly #cap: Cap | undefined;

  constructor(cap?: Cap) {
    super({ highWaterMark: 64 * 1024 });
    this.#cap = cap;
  }

  override async _write(chunk: Buffer, _: BufferEncoding, done: () => void): Promise<void> {
    this.firstByteAt ??= performance.now();
    this.bytes += chunk.length;
    if (this.#cap) {
      const { burstBytes, bytesPerMs } = this.#cap;
      const due = this.firstByteAt + (this.bytes - burstBytes) / bytesPerMs;
      const wait = due - performance.now();
      if (wait > 1) await delay(wait);
    }
    done();
  }
}
