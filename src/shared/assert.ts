/** Ends an exhaustive `switch`: the compiler proves that `value` cannot exist, the throw guards data from outside. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
