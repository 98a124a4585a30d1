import { expect, test } from 'vitest';
import { readKickstart } from '../../src/imports/read-kickstart.ts';

const read = (text: string, name = 'web-x86_64.ks'): ReturnType<typeof readKickstart> =>
  readKickstart({ name, text, value: undefined, arch: undefined });

test('packages of all sections, repositories and modules; everything else is named', () => {
  const imported = read(`text
rootpw secret-word
url --url="https://user:word@mirror.example.org/BaseOS/x86_64/os/" --noverifyssl
repo --name="appstream" --baseurl=https://mirror.example.org/AppStream/ --cost=50 --excludepkgs=foo,bar* --proxy=http://u:secret-word@proxy
repo --name updates
module --name=nodejs --stream=20
module --name=php --disable
%packages --excludeWeakdeps --excludedocs --ignoremissing # the list
@^minimal-environment
@Development Tools --nodefaults
acl  # access
-iwl*firmware
-@core
%include more.ks
%end
%packages
tar
%end
%post
echo secret-word
%end
`);
  expect(imported?.targets).toEqual([
    {
      set: 'web',
      architecture: 'x86_64',
      specs: ['@^minimal-environment', '@Development Tools', 'acl', 'tar'],
      settings: { docs: false, exclude: ['iwl*firmware'], modules: { enable: ['nodejs:20'], disable: ['php'] } },
    },
  ]);
  expect(imported?.repositories).toEqual([
    {
      definition: { id: 'url', baseurl: 'https://user:word@mirror.example.org/BaseOS/x86_64/os/', sslverify: false },
      isUnnamed: true,
      lost: [],
    },
    {
      definition: { id: 'appstream', baseurl: 'https://mirror.example.org/AppStream/', cost: 50, excludepkgs: ['foo', 'bar*'] },
      isUnnamed: false,
      lost: ['`--proxy` of `repo`'],
    },
  ]);
  expect(imported?.lost).toEqual([
    '`--ignoremissing` of %packages',
    'options of `@Development Tools --nodefaults`',
    'sections other than %packages',
    '`%include more.ks`',
    'the repository `updates`, whose URL the file does not have',
    'commands of the kickstart file: `text`, `rootpw`',
  ]);
  expect(JSON.stringify(imported)).not.toContain('secret-word');
});

test('a kickstart without `--nocore` installs the group `core`, and weak dependencies unless it says otherwise', () => {
  const imported = read('%packages\nacl\n%end\n');
  expect(imported?.targets?.[0]?.settings).toEqual({ options: { weak_dependencies: true } });
  expect(imported?.lost).toEqual([expect.stringContaining('the group `core`')]);
  expect(read('  %packages --exclude-weakdeps\n-tar\n  %end\n')).toMatchObject({ lost: [], targets: [{ specs: ['@core'] }] });
  expect(read('%packages --nocore --exclude-weakdeps\nacl\n%end\n')).toMatchObject({ lost: [], targets: [{ settings: {} }] });
  expect(read('%packages\n@core\nacl\n%end\n')).toMatchObject({ lost: [], targets: [{ specs: ['@core', 'acl'] }] });
});
