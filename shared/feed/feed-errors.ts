import { UnknownVersion } from '../unknown-version.ts';

/** The errors of the feed's items and cursors. */

/** A later release has written the item: this release cannot read it, and must not go past it. */
export class UnknownFeedVersion extends UnknownVersion {
  override readonly name = 'UnknownFeedVersion';

  /** @param known the only version that this release reads */
  constructor(item: string, version: number, known: number) {
    super(`an item of the feed (${item})`, version, [known]);
  }
}

/** An item of a known version is not as it was written. */
export class FeedItemDamaged extends Error {
  override readonly name = 'FeedItemDamaged';
}

/** A cursor that this feed cannot have given out: it is ahead of it. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
