import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario, type Scenario } from './scenario.ts';

const SCENARIOS = import.meta.dirname;

export interface ScenarioFile extends Scenario {
  /** `topic/case`, without the ending. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

export function readScenarios(): ScenarioFile[] {
  return readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.scenario'))
    .sort()
    .map((file) => {
      const path = join(SCENARIOS, file);
      const text = readFileSync(path, 'utf8');
      return { ...parseScenario(text, file), name: file.slice(0, -'.scenario'.length), path, text };
    });
}

/** Its folder. */
export const topicOf = ({ name }: ScenarioFile): string => name.split('/')[0]!;
