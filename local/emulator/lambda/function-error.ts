/** A failed invocation, as Lambda reports it. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  /** Such as `Runtime.ExitError`, or the name of what the handler threw. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Reads what a runtime posts when a handler fails. */
export function readFunctionError(body: string): FunctionError {
  try {
    const { errorType, errorMessage } = JSON.parse(body);
    return new FunctionError(String(errorType), String(errorMessage));
  } catch {
    return new FunctionError('Unknown', body);
  }
}
