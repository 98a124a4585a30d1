/** Parses a shell script into commands (POSIX sh grammar, with the bash extensions that install scripts use). Runs nothing. */

/** A part of a word: text, a parameter, or the output of commands. Unquoted parameters and commands are split into words. */
type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'parameter'; readonly name: string; readonly operator: string; readonly other: Word; readonly quoted: boolean }
  | { readonly kind: 'output'; readonly script: Command; readonly quoted: boolean };
export type Word = readonly WordPart[];

export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      /** Standard input: a file, or a here-document. */
      readonly input: { readonly file: Word } | { readonly text: string } | undefined;
      readonly line: number;
    }
  | { readonly kind: 'pipeline'; readonly negated: boolean; readonly parts: readonly Command[] }
  | { readonly kind: 'list'; readonly items: readonly { readonly after: ';' | '&&' | '||'; readonly command: Command }[] }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Command; readonly body: Command }[];
      readonly otherwise: Command;
    }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Command }
  | { readonly kind: 'loop'; readonly condition: Command; readonly body: Command }
  | {
      readonly kind: 'case';
      readonly word: Word;
      readonly branches: readonly { readonly patterns: readonly Word[]; readonly body: Command }[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command };

export class ShellSyntaxError extends Error {}

const MAX_DEPTH = 60;
const NOTHING: Command = { kind: 'list', items: [] };

export const parseShell = (text: string): Command => new ShellReader(text).script();

class ShellReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #line = 1;
  #counted = 0;
  /** End markers of here-documents that start after this line. */
  readonly #pending: { readonly end: string; readonly tabs: boolean; readonly done: (text: string) => void }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  script(): Command {
    const list = this.#list([]);
    if (this.#at < this.#text.length) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
    return list;
  }

  /** Commands up to one of these words or a closing bracket. */
  #list(ends: readonly string[]): Command {
    if (++this.#depth > MAX_DEPTH) throw new ShellSyntaxError('nested too deeply');
    const items: { after: ';' | '&&' | '||'; command: Command }[] = [];
    let after: ';' | '&&' | '||' = ';';
    for (;;) {
      this.#blanks(true);
      const next = this.#text[this.#at];
      if (next === undefined || next === ')' || this.#text.startsWith(';;', this.#at) || ends.includes(this.#keyword())) break;
      items.push({ after, command: this.#pipeline() });
      this.#blanks();
      after = this.#take('&&') ? '&&' : this.#take('||') ? '||' : ';';
      if (after === ';' && !this.#text.startsWith(';;', this.#at) && !this.#take(';') && !this.#take('&')) {
        const end = this.#text[this.#at];
        if (end !== undefined && end !== '\n' && end !== ')' && !ends.includes(this.#keyword()))
          throw new ShellSyntaxError(`line ${this.#lineHere()}`);
      }
    }
    this.#depth--;
    return { kind: 'list', items };
  }

  #pipeline(): Command {
    let negated = false;
    while (this.#keyword() === '!') {
      this.#at++;
      this.#blanks();
      negated = !negated;
    }
    const parts = [this.#command()];
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] !== '|' || this.#text[this.#at + 1] === '|') break;
      this.#at += this.#text[this.#at + 1] === '&' ? 2 : 1;
      this.#blanks(true);
      parts.push(this.#command());
    }
    return parts.length === 1 && !negated ? parts[0]! : { kind: 'pipeline', negated, parts };
  }

  #command(): Command {
    const start = this.#at;
    switch (this.#keyword()) {
      case 'if':
        return this.#compound(() => this.#if());
      case 'for':
        return this.#compound(() => this.#for());
      case 'while':
      case 'until': {
        this.#expect(this.#keyword());
        return this.#compound(() => ({ kind: 'loop', condition: this.#list(['do']), body: this.#body() }));
      }
      case 'case':
        return this.#compound(() => this.#case());
      case '{':
        this.#at++;
        return this.#compound(() => this.#upTo('}'));
      case 'function': {
        this.#expect('function');
        this.#blanks();
        const name = this.#keyword().replace(/\(\)$/, '');
        this.#at += name.length;
        return this.#function(name);
      }
    }
    if (this.#text[start] === '(') {
      this.#at++;
      return this.#compound(() => this.#inBrackets());
    }
    const named = /[A-Za-z_][\w-]*(?=[ \t]*\([ \t]*\))/y;
    named.lastIndex = start;
    const name = named.exec(this.#text)?.[0];
    if (name === undefined) return this.#simple();
    this.#at += name.length;
    return this.#function(name);
  }

  #function(name: string): Command {
    this.#blanks();
    if (this.#take('(')) {
      this.#blanks();
      this.#expect(')');
    }
    this.#blanks(true);
    return { kind: 'function', name, body: this.#command() };
  }

  /** Parses a compound command and its redirections. */
  #compound(read: () => Command): Command {
    const command = read();
    for (this.#blanks(); this.#redirection() !== undefined; this.#blanks());
    return command;
  }

  #inBrackets(): Command {
    const list = this.#list([]);
    this.#expect(')');
    return list;
  }

  #upTo(end: string): Command {
    const list = this.#list([end]);
    this.#expect(end);
    return list;
  }

  #body(): Command {
    this.#expect('do');
    return this.#upTo('done');
  }

  #if(): Command {
    const branches: { condition: Command; body: Command }[] = [];
    let otherwise = NOTHING;
    do {
      this.#at += this.#keyword().length;
      const condition = this.#upTo('then');
      branches.push({ condition, body: this.#list(['elif', 'else', 'fi']) });
    } while (this.#keyword() === 'elif');
    if (this.#take('else')) otherwise = this.#list(['fi']);
    this.#expect('fi');
    return { kind: 'if', branches, otherwise };
  }

  #for(): Command {
    this.#expect('for');
    this.#blanks();
    const name = this.#keyword();
    this.#at += name.length;
    this.#blanks(true);
    const words: Word[] = [];
    if (this.#keyword() === 'in') {
      this.#at += 2;
      for (this.#blanks(); !/^[;\n]?$/.test(this.#text[this.#at] ?? ''); this.#blanks()) words.push(this.#word());
    }
    this.#take(';');
    this.#blanks(true);
    return { kind: 'for', name, words, body: this.#body() };
  }

  #case(): Command {
    this.#expect('case');
    this.#blanks();
    const word = this.#word();
    this.#blanks(true);
    this.#expect('in');
    const branches: { patterns: Word[]; body: Command }[] = [];
    for (this.#blanks(true); !this.#take('esac'); this.#blanks(true)) {
      this.#take('(');
      const patterns: Word[] = [];
      do {
        this.#blanks();
        patterns.push(this.#word());
        this.#blanks();
      } while (this.#take('|'));
      this.#expect(')');
      branches.push({ patterns, body: this.#list(['esac']) });
      this.#take(';;');
      this.#take('&');
    }
    return { kind: 'case', word, branches };
  }

  #simple(): Command {
    const line = this.#lineHere();
    const start = this.#at;
    let inTest = false;
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    let input: { file: Word } | { text: string } | undefined;
    for (;;) {
      this.#blanks(inTest);
      const sign = inTest ? /(?:&&|\|\||[&|()<>])/y : undefined;
      if (sign !== undefined) sign.lastIndex = this.#at;
      const text = sign?.exec(this.#text)?.[0];
      if (text !== undefined) {
        this.#at += text.length;
        words.push([{ kind: 'text', text, quoted: true }]);
        continue;
      }
      const redirected = this.#redirection();
      if (redirected !== undefined) {
        if ('file' in redirected || 'text' in redirected) input = redirected;
        continue;
      }
      if (/^[;&|)\n]?$/.test(this.#text[this.#at] ?? '')) break;
      const keyword = this.#keyword();
      if (keyword === (words.length === 0 ? '[[' : ']]')) inTest = words.length === 0;
      const assigned = /([A-Za-z_]\w*)\+?=/y;
      assigned.lastIndex = this.#at;
      const name = words.length === 0 ? assigned.exec(this.#text) : null;
      if (name === null) {
        words.push(this.#word());
        continue;
      }
      this.#at += name[0].length;
      const before: Word = name[0].endsWith('+=') ? [{ kind: 'parameter', name: name[1]!, operator: '', other: [], quoted: true }] : [];
      assignments.push({ name: name[1]!, value: [...before, ...(this.#take('(') ? this.#array() : this.#word())] });
    }
    if (this.#at === start) throw new ShellSyntaxError(`line ${line}`);
    return { kind: 'simple', assignments, words, input, line };
  }

  /** Converts an array to its words, separated by spaces. */
  #array(): Word {
    const parts: WordPart[] = [];
    for (this.#blanks(true); !this.#take(')'); this.#blanks(true)) {
      if (this.#at >= this.#text.length) throw new ShellSyntaxError('an array has no end');
      parts.push(...this.#word(), { kind: 'text', text: ' ', quoted: true });
    }
    return parts;
  }

  /** `2>&1`, `< file`, `<<EOF`; undefined if there is none. */
  #redirection(): { file: Word } | { text: string } | { output: true } | undefined {
    const sign = /\d*(<<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\()|&>>?)/y;
    sign.lastIndex = this.#at;
    const found = sign.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    this.#blanks();
    const target = this.#word();
    if (found[1] === '<') return { file: target };
    if (!found[1]!.startsWith('<<') || found[1] === '<<<') return { output: true };
    const document = { text: '' };
    const end = target.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    this.#pending.push({ end, tabs: found[1] === '<<-', done: (text) => void Object.assign(document, { text }) });
    return document;
  }

  #word(): Word {
    const start = this.#at;
    const parts: WordPart[] = [];
    const add = (text: string, quoted: boolean): void => void parts.push({ kind: 'text', text, quoted });
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || ' \t\r\n;&|)<>'.includes(next) || next === '(') {
        if (next === '(' || ((next === '<' || next === '>') && this.#text[this.#at + 1] === '('))
          throw new ShellSyntaxError(`line ${this.#lineHere()}`);
        break;
      }
      if (next === '\\') {
        add(this.#text[this.#at + 1] === '\n' ? '' : (this.#text[this.#at + 1] ?? ''), true);
        this.#at += 2;
      } else if (next === "'") {
        const end = this.#text.indexOf("'", this.#at + 1);
        if (end < 0) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
        add(this.#text.slice(this.#at + 1, end), true);
        this.#at = end + 1;
      } else if (next === '"') this.#quoted(parts);
      else if (next === '$' || next === '`') parts.push(this.#expansion(false));
      else {
        const plain = /[^ \t\r\n;&|()<>\\'"$`]+/y;
        plain.lastIndex = this.#at;
        const text = plain.exec(this.#text)![0];
        add(text, false);
        this.#at += text.length;
      }
    }
    if (this.#at === start) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
    return parts;
  }

  #quoted(parts: WordPart[]): void {
    this.#at++;
    parts.push({ kind: 'text', text: '', quoted: true });
    while (!this.#take('"')) {
      const next = this.#text[this.#at];
      if (next === undefined) throw new ShellSyntaxError('a quotation has no end');
      if (next === '$' || next === '`') parts.push(this.#expansion(true));
      else {
        const plain = /(?:\\[\s\S]|[^"$`\\])+|\\/y;
        plain.lastIndex = this.#at;
        const text = plain.exec(this.#text)![0];
        parts.push({
          kind: 'text',
          text: text.replace(/\\([$`"\\\n])/g, (_whole, kept: string) => (kept === '\n' ? '' : kept)),
          quoted: true,
        });
        this.#at += text.length;
      }
    }
  }

  #expansion(quoted: boolean): WordPart {
    if (this.#take('`')) {
      const end = this.#text.indexOf('`', this.#at);
      if (end < 0) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
      const script = parseShell(this.#text.slice(this.#at, end).replace(/\\([$`\\])/g, '$1'));
      this.#at = end + 1;
      return { kind: 'output', script, quoted };
    }
    this.#at++;
    if (this.#text.startsWith('((', this.#at)) {
      const end = this.#text.indexOf('))', this.#at);
      if (end < 0) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
      this.#at = end + 2;
      return { kind: 'parameter', name: '?', operator: '', other: [], quoted };
    }
    if (this.#take('(')) return { kind: 'output', script: this.#inBrackets(), quoted };
    const plain = /(\{)([A-Za-z_]\w*|[\d@*#?$!-])(\[[@*]\])?|[A-Za-z_]\w*|[\d@*#?$!-]/y;
    plain.lastIndex = this.#at;
    const found = plain.exec(this.#text);
    if (found === null) {
      if (this.#text[this.#at] === '{') throw new ShellSyntaxError(`line ${this.#lineHere()}`);
      return { kind: 'text', text: '$', quoted };
    }
    this.#at += found[0].length;
    // `$@` and `${LIST[@]}` stay separate words, even in quotes.
    const isOne = quoted && found[3] !== '[@]' && found[0] !== '@' && found[2] !== '@';
    if (found[1] === undefined) return { kind: 'parameter', name: found[0], operator: '', other: [], quoted: isOne };
    return this.#braced(found[2]!, isOne);
  }

  /** The part of `${NAME:-word}` after the name. With operators other than `-`, `+` and `=` the value is unknown. */
  #braced(name: string, quoted: boolean): WordPart {
    if (++this.#depth > MAX_DEPTH) throw new ShellSyntaxError('nested too deeply');
    const [operator = ''] = /^:?[-+=]/.exec(this.#text.slice(this.#at, this.#at + 2)) ?? [];
    this.#at += operator.length;
    const other: WordPart[] = [];
    while (!this.#take('}')) {
      const next = this.#text[this.#at];
      if (next === undefined) throw new ShellSyntaxError('a parameter has no end');
      if (next === '"') this.#quoted(other);
      else if (next === '$' || next === '`') other.push(this.#expansion(quoted));
      else {
        other.push({ kind: 'text', text: next, quoted });
        this.#at++;
      }
    }
    this.#depth--;
    const isKnown = operator !== '' || other.length === 0;
    return { kind: 'parameter', name: isKnown ? name : '?', operator: operator.replace('=', '-'), other, quoted };
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new ShellSyntaxError(`line ${this.#lineHere()}`);
  }

  /** The plain word at this position, without consuming it. */
  #keyword(): string {
    const plain = /[^\s;&|()<>'"$`\\]+/y;
    plain.lastIndex = this.#at;
    return plain.exec(this.#text)?.[0] ?? '';
  }

  /** Skips spaces, comments and continued lines; with `lines` also line ends. */
  #blanks(lines = false): void {
    for (;;) {
      const blank = /(?:[ \t\r]|\\\r?\n)+|#[^\n]*/y;
      blank.lastIndex = this.#at;
      const found = blank.exec(this.#text);
      const isComment = found?.[0].startsWith('#') === true;
      if (found !== null && !(isComment && /[^\s;&|()]/.test(this.#text[this.#at - 1] ?? ' '))) this.#at += found[0].length;
      else if (lines && this.#text[this.#at] === '\n') {
        if (this.#pending.length === 0) this.#at++;
        else this.#documents();
      } else return;
    }
  }

  #documents(): void {
    this.#at++;
    for (const { end, tabs, done } of this.#pending.splice(0)) {
      const lines: string[] = [];
      while (this.#at < this.#text.length) {
        const until = this.#text.indexOf('\n', this.#at);
        const raw = this.#text.slice(this.#at, until < 0 ? undefined : until);
        this.#at = until < 0 ? this.#text.length : until + 1;
        const line = tabs ? raw.replace(/^\t+/, '') : raw;
        if (line.trimEnd() === end) break;
        lines.push(line);
      }
      done(lines.join('\n'));
    }
  }

  #lineHere(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#line++;
    return this.#line;
  }
}
