/** The errors of the feed's items and cursors. */

/** A later release has written the item: this release cannot read it, and must not go past it. */
export class UnknownFeedVersion extends Error {
  override readonly name = 'UnknownFeedVersion';

  constructor(item: string, version: unknown) {
    super(`the feed has an item (${item}) of version ${version}, which this release cannot read`);
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
