/** What a base image says of its containers, for an image that is made anew from its files. */
import type { Engine } from './engine.ts';

/** Lines of a Containerfile that say the same; none where the engine does not know the image. */
export async function baseSettings(engine: Engine, image: string): Promise<readonly string[]> {
  const answer = await engine.ask(['image', 'inspect', '--format', '{{json .Config}}', image], { what: `look at ${image}` });
  return answer === undefined ? [] : settingsOf(answer);
}

function settingsOf(answer: string): readonly string[] {
  const config = (JSON.parse(answer) ?? {}) as Record<string, unknown>;
  const word = (key: string, instruction: string): readonly string[] => {
    const text = config[key];
    return typeof text === 'string' && /^[A-Za-z0-9_.:/-]+$/.test(text) ? [`${instruction} ${text}`] : [];
  };
  const words = (key: string, instruction: string): readonly string[] => {
    const list = config[key];
    return Array.isArray(list) && list.length > 0 ? [`${instruction} ${JSON.stringify(list.map(String))}`] : [];
  };
  const env = Array.isArray(config['Env']) ? config['Env'].map(String) : [];
  const lines = [
    ...env.flatMap((entry) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\p{Cc}]*)$/u.exec(entry) ?? [];
      return name === undefined ? [] : [`ENV ${name}="${value!.replaceAll(/["\\$]/g, '\\$&')}"`];
    }),
    ...word('WorkingDir', 'WORKDIR'),
    ...word('User', 'USER'),
    ...words('Entrypoint', 'ENTRYPOINT'),
    ...words('Cmd', 'CMD'),
  ];
  return lines.length === 0 ? [] : ['', '# As the base has it.', ...lines];
}
