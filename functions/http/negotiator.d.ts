/** The part of negotiator 1.1 that is used here: the published types do not know `preferred`. */
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { headers: Readonly<Record<string, string>> });
    mediaType<M extends string>(available: readonly M[]): M | undefined;
    encoding<E extends string>(available: readonly E[], options: { preferred: readonly E[] }): E | undefined;
  }
}
