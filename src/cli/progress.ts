import type { Emit, ProgressEvent, Stage, WarningTarget } from '../base/events.ts';
import { printableLines, someNames } from '../base/printable.ts';
import { isSameWarning, type Warning } from '../base/warnings.ts';
import { warningTexts } from '../views/warnings-text.ts';
import type { Output, Printer } from './printer.ts';

/** Work that is done sooner needs no progress. */
const SHOW_AFTER_MS = 1000;
const REDRAW_AFTER_MS = 100;
const TICK_MS = 1000;
const STILL_AFTER_S = 3;
/** What was in the store counts as done at once, and must not count as speed for long. */
const RATE_OVER_MS = 5000;

type Progressed = Extract<ProgressEvent, { kind: 'progress' }>;

export interface Timing {
  readonly stage: Stage;
  readonly text: string;
  readonly ms: number;
}

/**
 * Draws what commands report: one line on a terminal, once the work takes longer than a second; nothing on a pipe. Warnings and lines of
 * other programs are printed wherever stderr goes.
 */
export class Progress {
  readonly #stderr: Output;
  readonly #now: () => number;
  readonly #started: number;
  #printer: Printer | undefined;
  #shown = '';
  #drawn = 0;
  /** Of the last seconds, the oldest first; of one stage. */
  #samples: { readonly stage: Stage; readonly at: number; readonly done: number }[] = [];
  /** By text, then part. */
  readonly #parts = new Map<string, Map<string, Pick<Progressed, 'done' | 'total' | 'of'>>>();
  /** Draws what came last once the first second is over, should nothing else come. */
  #waiting: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  /** When the last event came. */
  #came = 0;
  readonly timings: Timing[] = [];
  /** Each warning once, for --json. */
  readonly warnings: Warning[] = [];
  /** Set while files are being written: an interruption waits for that. */
  isWriting = false;

  constructor(stderr: Output, now: () => number) {
    this.#stderr = stderr;
    this.#now = now;
    this.#started = now();
  }

  attach(printer: Printer): void {
    this.#printer = printer;
  }

  readonly emit: Emit = (event) => {
    const printer = this.#printer;
    if (event.kind === 'stage') this.isWriting = event.stage === 'write';
    if (printer === undefined) return;
    switch (event.kind) {
      case 'warning': {
        const { kind, ...warning } = event;
        this.#warn([warning], [], printer);
        return;
      }
      case 'warnings':
        this.#warn(event.warnings, event.targets, printer);
        return;
      case 'output':
        printer.say(printableLines(event.text));
        return;
      case 'debug':
        if (printer.verbose) printer.say(printer.style('dim', printableLines(event.text)));
        return;
      case 'timing':
        this.timings.push({ stage: event.stage, text: event.text, ms: event.ms });
        if (printer.verbose) printer.say(printer.style('dim', `${printableLines(event.text)}: ${event.ms.toFixed(0)} ms`));
        return;
      default:
        if (printer.verbose && event.kind === 'stage') printer.say(printer.style('dim', printableLines(event.text)));
        this.#draw(event.kind === 'progress' ? this.#whole(event) : event, printer);
    }
  };

  #warn(warnings: readonly Warning[], targets: readonly WarningTarget[], printer: Printer): void {
    const fresh = warnings.filter((warning) => !this.warnings.some((known) => isSameWarning(known, warning)));
    for (const warning of fresh) this.warnings.push(warning);
    for (const text of warningTexts(fresh, targets)) printer.say(`${printer.style('yellow', 'warning:')} ${printableLines(text)}`);
  }

  /** Takes the line away. */
  readonly clear = (): void => {
    clearTimeout(this.#waiting);
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    if (this.#shown === '') return;
    this.#shown = '';
    this.#stderr.write('\r\u001b[K');
  };

  #draw(event: Extract<ProgressEvent, { kind: 'stage' | 'progress' }>, printer: Printer): void {
    this.#came = this.#now();
    if (this.#stderr.isTTY !== true || printer.quiet || printer.verbose) return;
    const now = this.#now();
    clearTimeout(this.#waiting);
    const early = SHOW_AFTER_MS - (now - this.#started);
    if (early > 0) this.#waiting = setTimeout(() => this.#draw(event, printer), early).unref();
    if (early > 0 || (event.kind === 'progress' && now - this.#drawn < REDRAW_AFTER_MS)) return;
    const width = Math.max(20, (this.#stderr.columns || 80) - 1);
    const line = printableLines(event.kind === 'stage' ? event.text : this.#progressText(event, now)).slice(0, width);
    if (line === this.#shown) return;
    this.#drawn = now;
    this.#shown = line;
    this.#stderr.write(`\r${line}\u001b[K`);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** While nothing comes, the line says for how long: a slow mirror is not a program that hangs. */
  #tick(): void {
    const seconds = Math.floor((this.#now() - this.#came) / 1000);
    if (this.#shown === '' || seconds < STILL_AFTER_S) return;
    const width = Math.max(20, (this.#stderr.columns || 80) - 1);
    this.#stderr.write(`\r${`${this.#shown} (nothing for ${seconds} s)`.slice(0, width)}\u001b[K`);
  }

  /** The numbers of all parts of the same work. */
  #whole(event: Progressed): Progressed {
    const { text, part, done, total, of } = event;
    if (part === undefined) return event;
    const parts = this.#parts.get(text) ?? new Map<string, Pick<Progressed, 'done' | 'total' | 'of'>>();
    this.#parts.set(text, parts.set(part, { done, total, ...(of === undefined ? {} : { of }) }));
    const all = [...parts.values()];
    const open = [...new Set(all.flatMap((one) => (one.of !== undefined && one.done < one.total ? [one.of] : [])))];
    const names = someNames(open, 2);
    return {
      ...event,
      text: names === '' ? text : `${text} of ${names}`,
      done: all.reduce((sum, one) => sum + one.done, 0),
      total: all.reduce((sum, one) => sum + one.total, 0),
    };
  }

  /** `fetching 12/48`, `downloading 31.0 of 52.1 MB, 8.2 MB/s, 3 s left`. */
  #progressText({ stage, text, done, total, unit }: Progressed, now: number): string {
    if (unit === 'items') return total > 0 ? `${text} ${done}/${total}` : `${text} ${done}`;
    // The text may count files and change with each of them.
    if (this.#samples.some((sample) => sample.stage !== stage || sample.done > done)) this.#samples = [];
    this.#samples.push({ stage, at: now, done });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= now - RATE_OVER_MS) this.#samples.shift();
    const first = this.#samples[0]!;
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0.5 ? (done - first.done) / seconds : 0;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    const amount = total > 0 ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(done)} MB`;
    const speed = rate > 0 ? `, ${megabytes(rate)} MB/s` : '';
    const left = rate > 0 && total > done ? `, ${Math.ceil((total - done) / rate)} s left` : '';
    return `${text} ${amount}${speed}${left}`;
  }
}
