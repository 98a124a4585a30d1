import { expect, test } from 'vitest';
import { scriptCommand, shellCommand } from '../../src/images/shell-quote.ts';

test('a command is shown as a shell would take it', () => {
  expect(shellCommand(['podman', 'build', '--label=a=b c', "it's", '', '{{.Id}}'])).toBe(
    `podman build '--label=a=b c' 'it'\\''s' '' '{{.Id}}'`,
  );
});

test('a script has its own work directory and takes secrets from variables of their names', () => {
  expect(scriptCommand(['podman', 'build', '--build-arg=TOKEN=***', '/tmp/x y/Containerfile', '/tmp/x y'], '/tmp/x y')).toBe(
    'podman build --build-arg=TOKEN="$TOKEN" "$work"/Containerfile "$work"',
  );
});
