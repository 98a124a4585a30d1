import { VERSION } from 'rpm-deps';
import type { Viewer } from '../http/viewer.ts';
import { Html, html } from './html.ts';

export interface Page {
  readonly title: string;
  /** The part of the navigation that the page belongs to. */
  readonly at?: 'projects' | 'jobs' | 'search';
  readonly body: Html;
  readonly viewer: Viewer;
  /** Script of job pages that shows progress while the page is open. */
  readonly isLive?: boolean;
}

/** Not in a template, where bundlers change the end tag of a script. */
const LIVE = new Html('<script src="/assets/live.js" defer></script>');

export function renderPage({ title, at, body, viewer, isLive = false }: Page): string {
  const link = (name: 'projects' | 'jobs' | 'search', href: string, text: string): Html =>
    html`<li><a href="${href}"${at === name ? html` aria-current="page"` : ''}>${text}</a></li>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - rpm-deps</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${isLive ? LIVE : ''}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="/">rpm-deps</a>
<nav aria-label="Main"><ul>${link('projects', '/', 'Projects')}${link('jobs', '/jobs', 'Jobs')}${link('search', '/search', 'Search')}</ul></nav>
<div class="who">${userText(viewer)}</div>
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${body}
</main>
<footer>rpm-deps ${VERSION} · <a href="/openapi.json">API</a></footer>
</body>
</html>
`.text;
}

function userText({ name, csrf }: Viewer): Html {
  if (csrf === undefined) return html`<a href="/login">Log in</a>`;
  return html`<form method="post" action="/logout"><input type="hidden" name="csrf" value="${csrf}"><span>${name}</span> <button class="plain">Log out</button></form>`;
}

/** Makes wide tables scrollable, also by keyboard. */
export function scrolling(label: string, table: Html): Html {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** A readable time; the exact one is in the markup. */
export function timeTag(at: Date | string | null, now: Date): Html {
  if (at === null) return html`<span class="soft">never</span>`;
  const date = new Date(at);
  return html`<time datetime="${date.toISOString()}" title="${date.toISOString()}">${distance(date.getTime() - now.getTime())}</time>`;
}

function distance(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const text =
    minutes < 1
      ? 'less than a minute'
      : minutes < 90
        ? `${Math.round(minutes)} min`
        : minutes < 48 * 60
          ? `${Math.round(minutes / 60)} h`
          : `${Math.round(minutes / 1440)} days`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

const STATES: Readonly<Record<string, string>> = {
  ok: 'good',
  succeeded: 'good',
  outdated: 'warn',
  queued: 'soft',
  running: 'busy',
  new: 'soft',
  cancelled: 'soft',
  broken: 'bad',
  failed: 'bad',
  dead: 'bad',
};

/** The state as text, not only as a colour. */
export const stateTag = (state: string): Html => html`<span class="state ${STATES[state] ?? 'soft'}">${state}</span>`;
