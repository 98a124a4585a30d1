/** Pages from templates that escape: every value is inserted as text, unless it is HTML made here. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Attributes are always quoted in our templates, so escaped values cannot end them. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => `${text}${part}${i < values.length ? render(values[i]) : ''}`, ''));
}

function render(value: Value): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map((item: Value) => render(item)).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"'`]/g, (character) => ENTITIES[character]!);
}

/** A path of this service with untrusted parts, also with a query. */
export function pathTo(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '') as [string, string][];
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `/${parts.map((part) => encodeURIComponent(part)).join('/')}${search}`;
}

/** Only http(s) URLs of manifests and repositories become links. */
export const webLink = (url: string | null): string | undefined => (url !== null && /^https?:\/\//i.test(url) ? url : undefined);
