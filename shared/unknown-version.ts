/**
 * A later release wrote something that this release cannot read (docs/upgrades.md#the-rule). The message holds nothing
 * but what it is, its version and the versions that this release reads, so it may be logged and sent on.
 */
export class UnknownVersion extends Error {
  override readonly name: string = 'UnknownVersion';
  readonly version: number;

  /** @param known the versions that this release reads */
  constructor(what: string, version: number, known: readonly number[]) {
    super(
      `found ${what} of version ${version}, which this release cannot read; it reads ${known.join(', ')}`,
    );
    this.version = version;
  }
}
