import { describe, expect, test } from 'vitest';
import { baseOfContainerfile } from '../../src/manifest/containerfile.ts';

const base = (text: string, choice = {}) => baseOfContainerfile(text, 'Containerfile', choice);

test('the last stage counts, unless another is named by name or number', () => {
  const text = 'FROM quay.test/a:1 AS build\nRUN x\nFROM --platform=$BUILDPLATFORM quay.test/b:2\nRUN y\n';
  expect(base(text)).toBe('quay.test/b:2');
  expect(base(text, { stage: 'Build' })).toBe('quay.test/a:1');
  expect(base(text, { stage: 0 })).toBe('quay.test/a:1');
  expect(() => base(text, { stage: 'none' })).toThrow('no stage `none`');
});

test('a stage that starts from another one has its image', () => {
  expect(base('FROM quay.test/a:1 AS one\nFROM one AS two\nFROM two\n')).toBe('quay.test/a:1');
  expect(base('FROM quay.test/a:1\nFROM 0\n')).toBe('quay.test/a:1');
  // A name counts only where it was before; the image may be called the same.
  expect(base('FROM quay.test/a:1 AS x\nFROM x AS x\n')).toBe('quay.test/a:1');
});

describe('build arguments', () => {
  test('before the first FROM fill it in', () => {
    expect(base('ARG TAG=9.5\nARG BASE="quay.test/ubi:${TAG}"\nFROM ${BASE}\n')).toBe('quay.test/ubi:9.5');
    expect(base('ARG TAG=9.5\nFROM quay.test/ubi:$TAG\n', { args: { TAG: '10' } })).toBe('quay.test/ubi:10');
    expect(base('ARG TAG\nFROM quay.test/ubi:${TAG:-9}\n')).toBe('quay.test/ubi:9');
    expect(base('ARG D=@sha256:x\nFROM quay.test/ubi${D:+:tag}\n')).toBe('quay.test/ubi:tag');
  });

  test('that have no value are refused with file, line and the way out', () => {
    expect(() => base('# one\nARG TAG\nFROM quay.test/ubi:$TAG\n')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringContaining('Containerfile:3'),
        hint: expect.stringContaining('ARG TAG='),
      }),
    );
  });

  test('after a FROM do not count', () => {
    expect(() => base('FROM quay.test/a:1\nARG T=1\nFROM quay.test/b:$T\n')).toThrow('`T`');
  });
});

test('comments, continued lines, lower case, other escapes and here-documents are read as builders do', () => {
  expect(base('# syntax=x\nfrom \\\n  # within\n  quay.test/a:1 \\\n  as x\n')).toBe('quay.test/a:1');
  expect(base('# escape=`\nFROM `\n quay.test/a:1\n')).toBe('quay.test/a:1');
  expect(base('FROM quay.test/a:1\nRUN <<EOF\nFROM quay.test/no:1\nEOF\n')).toBe('quay.test/a:1');
  expect(base('FROM quay.test/a:1\r\nRUN x\r\n')).toBe('quay.test/a:1');
});

test('a here-document begins with a word of its own and ends with its exact name', () => {
  const ends = (run: string) => base(`FROM quay.test/a:1\n${run}\nFROM quay.test/b:1\n`);
  for (const run of ['RUN echo $((1<<SHIFT))', 'RUN grep "x <<EOF" file', `RUN git log --grep '<<EOF'`, 'RUN cat <<< EOF'])
    expect(ends(run)).toBe('quay.test/b:1');
  for (const [start, end] of [
    ['<<EOF', 'EOF'],
    [`<<'END-OF-FILE'`, 'END-OF-FILE'],
    ['<<-"X.1"', '\tX.1'],
    ['bash -ex <<EOF', 'EOF'],
    ['python3 <<A 3<<B', 'A\nFROM quay.test/no:2\nB'],
  ])
    expect(ends(`RUN ${start}\nFROM quay.test/no:1\n  ${end}\n${end}`)).toBe('quay.test/b:1');
});

test('the escape character is set before anything else only', () => {
  expect(base('# syntax=docker/dockerfile:1\n# escape=`\nFROM `\n quay.test/a:1\n')).toBe('quay.test/a:1');
  expect(base('# a comment\n# escape=`\nFROM \\\n quay.test/a:1\n')).toBe('quay.test/a:1');
});

test('a builder knows the architecture without an ARG', () => {
  const text = 'FROM quay.test/amd:1 AS from-amd64\nFROM quay.test/arm:1 AS from-arm64\nFROM from-${TARGETARCH} AS last\n';
  expect(base(text, { architecture: 'aarch64' })).toBe('quay.test/arm:1');
  expect(base(text, { architecture: 'x86_64' })).toBe('quay.test/amd:1');
  expect(base(text, { architecture: 'x86_64', args: { TARGETARCH: 'arm64' } })).toBe('quay.test/arm:1');
});

test('scratch, no FROM and an empty file are refused', () => {
  expect(() => base('FROM scratch\n')).toThrow('scratch');
  expect(() => base('RUN x\n')).toThrow('no `FROM`');
  expect(() => base('')).toThrow('no `FROM`');
});

test('a file made to be slow ends', () => {
  expect(() => base(`FROM ${'${A'.repeat(100_000)}\n`)).toThrow();
  expect(() => base(`FROM quay.test/a:1\n${'\\\n'.repeat(400_000)}`)).not.toThrow();
});
