/** Findings as annotations of GitHub Actions at a line of a file: `::error file=F,line=N::MESSAGE`. */
export interface Annotation {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column?: number | undefined;
  readonly title: string;
  readonly message: string;
}

export const renderAnnotations = (annotations: readonly Annotation[]): string =>
  annotations
    .map(({ file, line, column, title, message }) => {
      const place = [
        `file=${property(file)}`,
        `line=${line}`,
        ...(column === undefined ? [] : [`col=${column}`]),
        `title=${property(title)}`,
      ];
      return `::error ${place.join(',')}::${data(message)}\n`;
    })
    .join('');

/** Escapes line ends, which would begin another command, as the runner unescapes them. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
