/** The exit statuses of all commands (docs/client.md#exit-statuses). They do not change between releases. */
export const EXIT = {
  done: 0,
  /** Something failed that may succeed later, or on another machine: the network, a file, AWS. */
  failed: 1,
  usage: 2,
  /** The service refuses the request: a wrong key, a damaged cursor. */
  refused: 3,
  /** An event is at fault: `check` says that it would be rejected, or `send` could not publish it. */
  badEvent: 4,
  /** The custom service did not take the test log. */
  notDelivered: 5,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
