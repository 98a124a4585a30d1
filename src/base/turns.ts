/** Work that pauses now and then, where the event loop may have a turn for signals, HTTP and other requests. */
export type Turns<T> = Generator<undefined, T, undefined>;

export function inOneGo<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
