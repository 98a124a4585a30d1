import type { Emit, ProgressEvent, Stage, WarningTarget } from '../base/events.ts';
import { printableLines, someNames } from '../base/printable.ts';
import { isSameWarning, type Warning } from '../base/warnings.ts';
import { warningTexts } from '../views/warnings-text.ts';
import type { Output, Printer } from './printer.ts';

/** Shorter work shows no progress. */
const SHOW_AFTER_MS = 1000;
const REDRAW_AFTER_MS = 100;
const TICK_MS = 1000;
const STILL_AFTER_S = 3;
/** Milliseconds over which the speed is averaged. Files from the store finish immediately and must not distort it for long. */
const RATE_OVER_MS = 5000;

type Progressed = Extract<ProgressEvent, { kind: 'progress' }>;

export interface Timing {
  readonly stage: Stage;
  readonly text: string;
  readonly ms: number;
}

/**
 * Shows the progress of commands: one line on a terminal, once the work takes longer than a second; nothing on a pipe. Warnings and lines of
 * other programs are always printed on stderr.
 */
export class Progress {
  readonly #stderr: Output;
  readonly #now: () => number;
  readonly #started: number;
  #printer: Printer | undefined;
  #shown = '';
  #drawn = 0;
  /** Progress of the last seconds in one stage, the oldest first. */
  #samples: { readonly stage: Stage; readonly at: number; readonly done: number }[] = [];
  /** State by text, then part. */
  readonly #parts = new Map<string, Map<string, Pick<Progressed, 'done' | 'total' | 'of'>>>();
  /** Timer that draws the last event after the first second, if no other event follows. */
  #waiting: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  /** Time of the last event. */
  #came = 0;
  readonly timings: Timing[] = [];
  /** Each warning once, for --json. */
  readonly warnings: Warning[] = [];
  /** True while files are written: an interruption waits for the end. */
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

  /** Clears the progress line. */
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

  /** Without new events the line shows the waiting time, so that a slow mirror does not look like a hanging program. */
  #tick(): void {
    const seconds = Math.floor((this.#now() - this.#came) / 1000);
    if (this.#shown === '' || seconds < STILL_AFTER_S) return;
    const width = Math.max(20, (this.#stderr.columns || 80) - 1);
    this.#stderr.write(`\r${`${this.#shown} (nothing for ${seconds} s)`.slice(0, width)}\u001b[K`);
  }

  /** The sum over all parts of the same work. */
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
    // The text may contain the number of files and so change with each of them.
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
