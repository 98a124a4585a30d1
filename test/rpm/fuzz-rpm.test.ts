/** Mutants of RPMs, signatures and keys: refused or described, and never is an altered file good. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filelistsXml, otherXml, primaryXml } from '../../src/repodata/repodata-xml.ts';
import { ByteReader } from '../../src/rpm/byte-reader.ts';
import { type KeyRing, readKeyRing } from '../../src/rpm/key-ring.ts';
import { readRpmHeaders } from '../../src/rpm/rpm-header.ts';
import { readRpmPackage } from '../../src/rpm/rpm-package.ts';
import { describeSignature, verifyDetached, verifyRpm } from '../../src/rpm/signature.ts';
import { fixture, fixtureKeyRing } from '../helpers/fixtures.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { mutateBytes } from '../helpers/mutate.ts';

const FORMATS = 4;
const rpms = readdirSync(fixture('rpms')).map((name) => readFileSync(fixture(`rpms/${name}`)));
const keyNames = ['fixture', 'second', 'dsa', 'ed25519', 'expired'];

let keyRing: KeyRing;
let folder: string;
beforeAll(async () => {
  keyRing = await fixtureKeyRing(...keyNames);
  folder = mkdtempSync(join(tmpdir(), 'rpm-deps-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** Everything that a signature is about: header and payload. */
async function signedPart(bytes: Uint8Array): Promise<Buffer> {
  const { main } = await readRpmHeaders(new ByteReader(inPieces(bytes)), 'x.rpm');
  return Buffer.from(bytes.subarray(main.start));
}

test(
  `mutants of RPMs are refused, not good, or good in all that is signed (${SEED_TEXT})`,
  async () => {
    const good = await Promise.all(
      rpms.map(async (bytes) => ((await verifyRpm(inPieces(bytes), keyRing)).kind === 'good' ? signedPart(bytes) : undefined)),
    );
    expect(good.filter((part) => part !== undefined).length).toBeGreaterThan(3);
    await readMutants({
      share: FORMATS,
      codes: ['RPM_INVALID'],
      make: (random) => mutateBytes(rpms[random(rpms.length)]!, random),
      read: async (bytes) => {
        const result = await verifyRpm(inPieces(bytes), keyRing, { name: 'x.rpm' });
        expect(describeSignature(result)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        if (result.kind !== 'good') return;
        const signed = await signedPart(bytes);
        expect(good.some((part) => part?.equals(signed) === true)).toBe(true);
      },
    });
  },
  FUZZ_TIMEOUT,
);

test(
  `mutants of RPMs are refused, or make metadata that is well-formed (${SEED_TEXT})`,
  async () => {
    const path = join(folder, 'x.rpm');
    await readMutants({
      share: FORMATS,
      codes: ['RPM_INVALID'],
      make: (random) => mutateBytes(rpms[random(rpms.length)]!, random),
      read: async (bytes) => {
        writeFileSync(path, bytes);
        const rpm = await readRpmPackage(path);
        const placed = [{ rpm, location: 'x86_64/x.rpm' }];
        for (const xml of [primaryXml(placed), filelistsXml(placed), otherXml(placed)]) expectWellFormed(xml);
      },
    });
  },
  FUZZ_TIMEOUT,
);

function expectWellFormed(xml: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  // As whoever reads the file sees it.
  parser.write(Buffer.from(xml).toString('utf8')).close();
}

test(
  `mutants of detached signatures are not good (${SEED_TEXT})`,
  async () => {
    const repomd = fixture('mirror/9-stream/AppStream/s390x/os/repodata/repomd.xml');
    const data = readFileSync(repomd);
    const armored = readFileSync(`${repomd}.asc`, 'latin1');
    const binary = Buffer.from(/\n\n([\s\S]+?)\n=/.exec(armored)![1]!, 'base64');
    expect((await verifyDetached(data, { signature: binary, keyRing })).kind).toBe('good');
    const altered = Buffer.concat([data, Buffer.from(' ')]);
    await readMutants({
      share: FORMATS,
      codes: [],
      make: (random) => mutateBytes(random(3) === 0 ? Buffer.from(armored, 'latin1') : binary, random),
      read: async (signature) => {
        await verifyDetached(data, { signature, keyRing });
        expect((await verifyDetached(altered, { signature, keyRing })).kind).not.toBe('good');
      },
    });
  },
  FUZZ_TIMEOUT,
);

test(
  `mutants of keys are refused, or rings of keys that can be asked (${SEED_TEXT})`,
  async () => {
    const armored = keyNames.map((name) => readFileSync(fixture(`keys/RPM-GPG-KEY-${name}`), 'latin1'));
    const keys = armored.map((text) =>
      Buffer.from(
        text
          .split('\n')
          .filter((line) => line !== '' && !/^[-=]/.test(line))
          .join(''),
        'base64',
      ),
    );
    await readMutants({
      share: FORMATS,
      codes: ['SIGNATURE'],
      make: (random) => {
        const i = random(keys.length);
        return mutateBytes(random(4) === 0 ? Buffer.from(armored[i]!, 'latin1') : keys[i]!, random);
      },
      read: async (bytes) => {
        const ring = await readKeyRing([{ name: 'https://mirror.example/key', bytes }]);
        for (const rpm of rpms.slice(0, 3)) await verifyRpm(inPieces(rpm), ring);
      },
    });
  },
  FUZZ_TIMEOUT,
);
