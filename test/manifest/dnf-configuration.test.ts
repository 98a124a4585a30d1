import { expect, test } from 'vitest';
import { configuredByScript, readConfiguration } from '../../src/manifest/dnf-configuration.ts';

test.each([
  ['[main]\nexclude = a\nexcludepkgs=b, c*\n', { exclude: ['a', 'b', 'c*'] }],
  [
    '[main]\nexclude=a\nexcludepkgs=c\nexclude=\n  d e\nBest=1\nbest=2\ninstall_weak_deps=OFF\n',
    { exclude: ['d', 'e', 'c'], weakDependencies: false },
  ],
  ['best=1\n[x]\nbest=1\n[main]\nmodule_platform_id=platform:el9\nprotected_packages=dnf\n', {}],
  ['\n\n [main]\n#best=1\nallow_vendor_change=0\nobsoletes=True\n', { others: ['allow_vendor_change'] }],
])('options of [main] that change what is installed are read: %j', (text, expected) => {
  expect(readConfiguration(text)).toEqual(expected);
});

test.each([
  ['dnf5 config-manager setopt best=0 excludepkgs=a,b', { best: false, exclude: ['a', 'b'] }],
  ["sed -i -e 's/^exclude=.*//' -e '/main/a install_weak_deps=no' /etc/yum.conf", { weakDependencies: false }],
  ['printf "best=1\\nexclude=a b\\n" >>/etc/dnf/dnf.conf', { best: true, exclude: ['a', 'b'] }],
  ['echo best=1 >/etc/other.conf', {}],
])('a script counts if it is about the configuration: %s', (script, expected) => {
  expect(configuredByScript(script, {})).toEqual(expected);
});
