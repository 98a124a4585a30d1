import { plural } from '../base/quantity.ts';
import { count, list, object, orNull, path, text } from './shape.ts';
import { defineView } from './view.ts';

export interface FetchData {
  readonly files: readonly {
    readonly architecture: string;
    readonly filename: string;
    readonly sha256: string;
    /** Path in the store; the output has the path in the directory of `--output`. */
    readonly path: string;
    readonly url: string | null;
  }[];
  readonly downloaded: number;
  readonly reused: number;
  readonly signaturesChecked: number;
  /** Absolute. */
  readonly output: string | null;
}

export const fetchView = defineView({
  command: 'fetch',
  about: 'The locked RPMs that are in the cache now',
  schema: 1,
  shape: object({
    files: list(
      object({
        architecture: text('The architecture of the lockfile; `src` for a source RPM'),
        filename: text('File name'),
        sha256: text('Checksum; the name of the file in the cache'),
        path: orNull(path('The file in the directory of `--output`; null without it')),
        url: orNull(text('Where it was downloaded from; null if it was in the cache')),
      }),
      'By architecture and file name',
    ),
    downloaded: count('How many were downloaded'),
    reused: count('How many were in the cache'),
    signatures_checked: count('How many signatures were checked; the other RPMs are from repositories without `gpgkey`'),
    output: orNull(path('The directory of `--output`')),
  }),
  json: ({ files, downloaded, reused, signaturesChecked, output }: FetchData) => ({
    files: files.map((file) => ({ ...file, path: output === null ? null : `${output}/${file.architecture}/${file.filename}` })),
    downloaded,
    reused,
    signatures_checked: signaturesChecked,
    output,
  }),
  text: ({ files, downloaded, reused, signaturesChecked, output }: FetchData) =>
    `${plural(files.length, 'package')}: ${downloaded} downloaded, ${reused} already in the cache, ${plural(signaturesChecked, 'signature')} checked\n` +
    (output === null ? '' : `${output}\n`),
});
