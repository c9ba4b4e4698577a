import { setTimeout } from 'node:timers/promises';
import type { ReserveInstants } from '../../shared/store/delivery-pace.ts';
import { errorName } from '../error-name.ts';
import { DeliveryFault } from './reason.ts';

/**
 * Waits until a request may be made.
 *
 * @returns whether it may: false if the signal aborts first
 * @throws DeliveryFault if its turn could not be reserved
 */
export type WaitForTurn = (signal: AbortSignal) => Promise<boolean>;

/** Gives the turns of one batch. @param count how many requests the batch may make */
export type StartTurns = (count: number) => WaitForTurn;

/** For a service without a rate. */
export const everyTurn: StartTurns = () => async () => true;

/** How far ahead turns are reserved at first, milliseconds: longer than DynamoDB usually takes to answer. */
const FIRST_LEAD_MS = 200;

export interface TurnsOptions {
  readonly reserve: ReserveInstants;
  /** Epoch milliseconds. */
  readonly now: () => number;
  sleep?(milliseconds: number, signal: AbortSignal): Promise<unknown>;
}

/**
 * Turns at a rate that holds over all processes. A batch reserves turns for all its requests at once. A turn that was not
 * taken in time is lost, because others may follow it: taken late, it would come too close to them.
 */
export function pacedTurns({ reserve, now, sleep = sleeping }: TurnsOptions): StartTurns {
  return (count) => {
    let wanted = count;
    let leadMs = FIRST_LEAD_MS;
    let instants: number[] = [];
    let reserving: Promise<void> | undefined;

    const reserveMore = async (signal: AbortSignal): Promise<void> => {
      instants = await reserve(Math.max(1, wanted), now() + leadMs, signal);
      // If DynamoDB took longer, the next try has more time.
      if (instants.every((instant) => instant < now())) leadMs *= 2;
    };
    return async (signal) => {
      while (!signal.aborted) {
        instants = instants.filter((instant) => instant >= now());
        const instant = instants.shift();
        if (instant !== undefined) {
          wanted -= 1;
          await sleep(instant - now(), signal).catch(() => {});
          return !signal.aborted;
        }
        reserving ??= reserveMore(signal).finally(() => {
          reserving = undefined;
        });
        await reserving.catch((error: unknown) => {
          if (!signal.aborted) throw new DeliveryFault(`a turn could not be reserved: ${errorName(error)}`);
        });
      }
      return false;
    };
  };
}

/** A timer may fire up to a millisecond early. */
const sleeping = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
  setTimeout(Math.ceil(Math.max(0, milliseconds)) + 1, undefined, { signal });
