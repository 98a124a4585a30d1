/** The configuration of a base image (ENV, USER, CMD), for an image that is rebuilt from the files of the base. */
import type { Engine } from './engine.ts';

/** The configuration of an image from the engine; empty in a dry run. */
export async function askImageConfig(engine: Engine, image: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await engine.ask(['image', 'inspect', '--format', '{{json .Config}}', image], { what: `look at ${image}` });
  return answer === undefined ? {} : ((JSON.parse(answer) ?? {}) as Record<string, unknown>);
}

/** The configuration of an image as lines of a Containerfile. */
export function baseSettings(config: Readonly<Record<string, unknown>>): readonly string[] {
  const lines = [
    ...listOf(config['Env']).flatMap((entry) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\p{Cc}]*)$/u.exec(entry) ?? [];
      return name === undefined ? [] : [`ENV ${name}=${quoted(value!)}`];
    }),
    ...Object.entries(objectOf(config['Labels'])).flatMap(([name, value]) => {
      const isKept = /^[A-Za-z0-9_./-]+$/.test(name) && !isOfBuild(name) && /^[^\p{Cc}]*$/u.test(String(value));
      return isKept ? [`LABEL ${name}=${quoted(String(value))}`] : [];
    }),
    ...Object.keys(objectOf(config['ExposedPorts'])).flatMap((port) => (/^[0-9]+(\/[a-z]+)?$/.test(port) ? [`EXPOSE ${port}`] : [])),
    ...Object.keys(objectOf(config['Volumes'])).map((path) => `VOLUME ${JSON.stringify([path])}`),
    ...wordOf(config['StopSignal'], 'STOPSIGNAL'),
    ...wordOf(config['WorkingDir'], 'WORKDIR'),
    ...wordOf(config['User'], 'USER'),
    ...wordsOf(config['Entrypoint'], 'ENTRYPOINT'),
    ...wordsOf(config['Cmd'], 'CMD'),
  ];
  return lines.length === 0 ? [] : ['', '# As the base has it.', ...lines];
}

/** Labels that describe how the base itself was built. */
const isOfBuild = (name: string): boolean => /^(?:rpm-deps\.|io\.buildah\.|org\.opencontainers\.image\.(?:revision|base\.))/.test(name);

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const wordOf = (value: unknown, instruction: string): readonly string[] =>
  typeof value === 'string' && /^[A-Za-z0-9_.:/-]+$/.test(value) ? [`${instruction} ${value}`] : [];

const wordsOf = (value: unknown, instruction: string): readonly string[] => {
  const words = listOf(value);
  return words.length === 0 ? [] : [`${instruction} ${JSON.stringify(words)}`];
};

/** Quotes a value so that nothing in it is expanded. */
export function quoted(value: string): string {
  return `"${value.replaceAll(/["\\$]/g, '\\$&')}"`;
}
