import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { botProject, NEW, topicOf } from '../helpers/bot-project.ts';

/** Takes pushes to refs/for/ as Gerrit does: one change a Change-Id; the same commit again is refused. */
const HOOK = `#!/bin/sh
case "$1" in refs/for/*) ;; *) echo "only refs/for/ here" >&2; exit 1;; esac
id=$(git log -1 --format='%(trailers:key=Change-Id,valueonly)' "$3")
[ -n "$id" ] || { echo "missing Change-Id in commit message footer" >&2; exit 1; }
if [ -f "closed" ]; then echo "remote: change 12 closed" >&2; exit 1; fi
if grep -qs "$3" changes; then echo "no new changes" >&2; exit 1; fi
echo "$1 $id $3" >>changes
`;

test('one change with a stable Change-Id is pushed to refs/for/BASE', async () => {
  const project = await botProject({ bot: 'bot: { reviewers: [somebody@example.com], labels: [rpm] }\n' });
  mkdirSync(join(project.origin, 'hooks'), { recursive: true });
  writeFileSync(join(project.origin, 'hooks/update'), HOOK);
  writeFileSync(
    join(project.origin, 'hooks/post-receive'),
    'while read old new ref; do git update-ref -d "$ref"; git update-ref refs/changes/kept "$new"; done\n'.replace(/^/, '#!/bin/sh\n'),
  );
  for (const hook of ['update', 'post-receive']) chmodSync(join(project.origin, 'hooks', hook), 0o755);
  const changes = (): string[][] =>
    readFileSync(join(project.origin, 'changes'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
  const run = () => project.run({ forge: 'gerrit' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'unchanged' });
  project.mirror([...NEW, 'acl-3-1.ARCH'], { timestamp: 1738000000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  const [first, second] = changes();
  expect(first![0]).toBe('refs/for/main%topic=rpm-deps%2Fmain%2Fupdate,r=somebody@example.com,hashtag=rpm,ready');
  expect(first![1]).toMatch(/^I[0-9a-f]{40}$/);
  expect(second![1]).toBe(first![1]);
  expect(second![2]).not.toBe(first![2]);
  project.git('update-ref', 'refs/heads/main', second![2]!);
  project.mirror([...NEW, 'acl-4-1.ARCH'], { timestamp: 1739000000 });
  await run();
  expect(changes()[2]![1]).not.toBe(first![1]);
  writeFileSync(join(project.origin, 'closed'), '');
  project.mirror([...NEW, 'acl-5-1.ARCH'], { timestamp: 1740000000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'suppressed', reason: 'people closed the change' });
});
