/** Work that pauses regularly, so that the event loop can handle signals, HTTP and other requests. */
export type Turns<T> = Generator<undefined, T, undefined>;

export function inOneGo<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
