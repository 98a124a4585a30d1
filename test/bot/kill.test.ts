import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botProject, NEW, UPDATE } from '../helpers/bot-project.ts';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { randomNumbers } from '../helpers/mutate.ts';
import { sayOnce } from '../helpers/say-once.ts';

/** Each takes two runs of a second or two: only where RPM_DEPS_KILLS is set, which also sets how many there are, up to 30. */
const KILLS = Math.min(30, Number(process.env['RPM_DEPS_KILLS'] ?? 0));
const seed = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(1_000_000));
if (KILLS === 0) sayOnce('tests that kill the bot are skipped: set RPM_DEPS_KILLS=30 to run them');

describe.skipIf(KILLS === 0)(`kill -9 of the bot at ${KILLS} random moments (RPM_DEPS_SEED=${seed})`, () => {
  let program: BuiltProgram;
  beforeAll(() => {
    program = buildProgram();
  });
  afterAll(() => program.remove());

  test('the next run finishes what was begun, and nothing is opened twice', async () => {
    const random = randomNumbers(seed);
    const project = await botProject({ bot: 'bot: { labels: [rpm], group_by: source }\n' });
    const temporary = join(project.directory, 'tmp');
    mkdirSync(temporary);
    const start = () => {
      const { HOME: _, ...env } = project.env as Record<string, string>;
      return program.start(['bot', '--forge', 'github', '--quiet'], {
        cwd: project.clone,
        env: {
          ...env,
          RPM_DEPS_MIRROR: `file://${project.directory}/mirror`,
          RPM_DEPS_CACHE_DIR: join(project.directory, 'cache'),
          TMPDIR: temporary,
        },
      });
    };
    const began = performance.now();
    expect((await start().ended).code).toBe(0);
    const whole = performance.now() - began;
    for (let i = 0; i < KILLS; i++) {
      // Each round there is something new, so that pushing and opening are what is killed.
      project.mirror([...NEW, `acl-${i + 3}-1.ARCH`, `libc-${i + 3}-1.ARCH`], { timestamp: 1738000000 + i });
      if (i % 3 === 0) for (const pull of project.forge.pulls) if (pull.state === 'open') pull.state = 'merged';
      const running = start();
      await sleep(random(Math.ceil(whole * 1.1)));
      running.child.kill('SIGKILL');
      await running.ended;
      const { code, stderr } = await start().ended;
      expect(code, `round ${i}: ${stderr}`).toBe(0);
      const open = project.forge.pulls.filter(({ state }) => state === 'open');
      expect(open.map(({ branch }) => branch).sort(), `round ${i}`).toEqual(['rpm-deps/main/update-acl', 'rpm-deps/main/update-libc']);
      for (const pull of open) {
        expect(pull.labels).toEqual(['rpm']);
        expect(pull.body).toContain(`${i + 3}-1`);
        expect(pull.body).not.toContain('rpm-deps:setup');
        expect(project.git('rev-list', '--count', `main..${pull.branch}`)).toBe('1');
      }
      expect(execFileSync('git', ['-C', project.clone, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
    }
    expect(project.forge.issues).toEqual([]);
    expect(project.forge.violations).toEqual([]);
    expect(readdirSync(join(project.clone, '.git')).filter((name) => name.endsWith('.lock'))).toEqual([]);
    expect(project.branches()).not.toContain(UPDATE);
    // What was written a moment ago may be in use in another container.
    await sleep(2500);
    expect((await start().ended).code).toBe(0);
    expect(readdirSync(temporary).filter((name) => name.startsWith('rpm-deps-bot-'))).toEqual([]);
  }, 1_200_000);
});
