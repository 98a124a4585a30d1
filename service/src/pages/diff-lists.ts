import type { LockfileDiff } from 'rpm-deps';
import { type Html, html } from './html.ts';
import { lockNames } from './lock-names.ts';

type Base = LockfileDiff['bases'][number];

/** Maximum number of packages of a base on a page. */
const PACKAGES = 500;

/** Changed bases of sets, and the packages that sets replace or remove. */
export function baseList({ bases, replaced, erased }: LockfileDiff): Html | '' {
  if (bases.length + replaced.length + erased.length === 0) return '';
  return html`<h2>Base images</h2>${bases.map(
    (base) =>
      html`<details id="base-${lockNames(base.installed)}"><summary>${placeOf(base.before)} → ${placeOf(base.after)}</summary><p class="soft">in ${lockNames(base.installed)}</p>${packagesOf(base)}</details>`,
  )}${
    replaced.length > 0 &&
    html`<h3>Packages of the base that locked packages replace</h3><ul>${replaced.map(
      ({ package: name, version, replaces, locks }) =>
        html`<li><code>${name} ${version}</code> replaces ${replaces.map((nevra) => html`<code>${nevra}</code> `)} in ${lockNames(locks)}</li>`,
    )}</ul>`
  }${
    erased.length > 0 &&
    html`<h3>Packages of the base that are removed</h3><ul>${erased.map(({ package: nevra, locks }) => html`<li><code>${nevra}</code> in ${lockNames(locks)}</li>`)}</ul>`
  }`;
}

function placeOf(state: Base['before']): Html {
  if (state === null) return html`no base`;
  return html`<strong>${state.place}</strong>${state.digest !== null && html` <code>${state.digest.slice(0, 19)}</code>`}${state.containerfile !== null && html` of <code>${state.containerfile}</code>`}`;
}

function packagesOf({ packages }: Base): Html {
  if (packages === null) return html`<p>The packages of one of the two are not known here.</p>`;
  if (packages.length === 0) return html`<p>The same packages are installed.</p>`;
  return html`<ul>${packages
    .slice(0, PACKAGES)
    .map(
      ({ name, before, after }) => html`<li><code>${name}</code> ${before ?? 'not there'} → ${after ?? 'not there'}</li>`,
    )}</ul>${packages.length > PACKAGES && html`<p>and ${packages.length - PACKAGES} others</p>`}`;
}

/** Changed requests of sets. */
export function requestList({ requests }: LockfileDiff): Html | '' {
  if (requests.length === 0) return '';
  return html`<h2>Requests</h2><ul>${requests.map(
    ({ added, removed, locks }) =>
      html`<li>${lockNames(locks)}: ${added.map((spec) => html`now <code>${spec}</code> `)}${removed.map((spec) => html`no longer <code>${spec}</code> `)}${added.length + removed.length === 0 && 'the same packages, with other options'}</li>`,
  )}</ul>`;
}
