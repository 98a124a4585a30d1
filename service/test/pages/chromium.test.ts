import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optInService } from '../helpers/opt-in.ts';
import { type PagesWorld, pagesWorld } from '../helpers/pages-world.ts';

const CHROMIUM = '/usr/bin/chromium';
/** `RPM_DEPS_SCREENSHOTS=1` writes the pictures of docs/service.md anew. */
const SCREENSHOTS = process.env['RPM_DEPS_SCREENSHOTS'] === '1' ? resolve(import.meta.dirname, '../../../docs/service') : undefined;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

describe.runIf(optInService() && existsSync(CHROMIUM))('in Chromium', () => {
  let world: PagesWorld;
  let browser: Browser;
  let paths: Record<string, string>;

  beforeAll(async () => {
    world = await pagesWorld();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    const [from, to] = world.revisions;
    const { body } = await world.api.get<{ jobs: { id: string }[] }>('/v1/projects/kubevirt/jobs');
    paths = {
      projects: '/',
      project: '/projects/kubevirt',
      packages: '/projects/kubevirt/locks/launcher/x86_64?filter=lib',
      why: '/projects/kubevirt/locks/launcher/x86_64/why/glibc',
      drawing: '/projects/kubevirt/locks/launcher/x86_64/drawing',
      diff: `/projects/kubevirt/diff?from=${from}&to=${to}`,
      jobs: '/jobs',
      job: `/jobs/${body.jobs[0]!.id}`,
      search: '/search?name=glibc',
      errors: '/errors',
      login: '/login',
      failure: '/projects/nothing',
    };
  });
  afterAll(async () => {
    await browser?.close();
    await world?.end();
  });

  const open = async (path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<{ page: Page; violations: string[] }> => {
    // The tool that looks for mistakes is injected, which the policy of the page would forbid.
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const violations: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|violates/.test(message.text())) violations.push(message.text());
    });
    await page.goto(`${world.service.url}${path}`);
    return { page, violations };
  };
  const axe = async (page: Page): Promise<unknown[]> => {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: the page has it
      const { violations } = await (globalThis as any).axe.run();
      return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [id, nodes[0]?.html]);
    });
  };

  test.each(['light', 'dark'] as const)('axe finds nothing and the policy holds, %s', async (colorScheme) => {
    for (const path of Object.values(paths)) {
      const { page, violations } = await open(path, { colorScheme });
      expect({ path, violations, axe: await axe(page) }).toEqual({ path, violations: [], axe: [] });
      await page.close();
    }
  });

  test('on a phone and at 200 % zoom nothing but tables and drawings is wider than the screen', async () => {
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 640, height: 400 },
    ]) {
      for (const path of Object.values(paths)) {
        const { page } = await open(path, { viewport });
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect({ path, wide }).toEqual({ path, wide: 0 });
        await page.close();
      }
    }
  });

  test('without JavaScript a person logs in, starts a job and sees it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${world.service.url}/login`);
    await page.fill('input[name=token]', world.token);
    await page.click('main button');
    await page.goto(`${world.service.url}/projects/kubevirt`);
    await page.click('text=Check now');
    expect(page.url()).toMatch(/\/jobs\//);
    await world.api.ended(page.url().split('/').at(-1)!);
    await page.reload();
    expect(await page.textContent('main')).toContain('succeeded');
    await context.close();
  });

  test('a job that runs shows its progress until it is over', async () => {
    const { body } = await world.api.send<{ job: { id: string } }>('POST', '/v1/projects/kubevirt/update');
    const { page, violations } = await open(`/jobs/${body.job.id}`);
    // The mirror is older than the locks of the project.
    await page.waitForSelector('main .state:has-text("failed")', { timeout: 100_000 });
    expect(await page.textContent('main')).toContain('the mirror may be behind');
    expect(violations).toEqual([]);
    await page.close();
  });

  test('the keyboard reaches the content, the filter and the links', async () => {
    const { page } = await open(paths['packages']!);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.name')).toBe('filter');
    await page.close();
  });

  test.runIf(SCREENSHOTS !== undefined)('pictures for docs/service.md', async () => {
    mkdirSync(SCREENSHOTS!, { recursive: true });
    for (const [name, options] of [
      ['projects', {}],
      ['why', {}],
      ['diff', { colorScheme: 'dark' }],
      ['packages', { viewport: { width: 390, height: 780 } }],
    ] as const) {
      const { page } = await open(paths[name]!, options);
      await page.screenshot({ path: join(SCREENSHOTS!, `${name}.png`) });
      await page.close();
    }
  });
});
