import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface ActionRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface ActionOptions {
  /** Folder of action.yml. */
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** `GITHUB_*` and what else the runner sets. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  readonly event: unknown;
}

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Definition {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/**
 * Runs a composite action as GitHub's runner does: its steps in order, each a script file for `bash --noprofile --norc -eo pipefail`, with
 * `${{ }}` filled in, and files for outputs, the summary and the event. A step that fails ends it.
 */
export async function runAction({ action, inputs, workspace, env, token, event }: ActionOptions): Promise<ActionRun> {
  const definition = parse(readFileSync(join(action, 'action.yml'), 'utf8')) as Definition;
  if (definition.runs.using !== 'composite') throw new Error('not composite');
  const temp = mkdtempSync(join(tmpdir(), 'rpm-deps-runner-'));
  const file = (name: string, text = ''): string => {
    writeFileSync(join(temp, name), text);
    return join(temp, name);
  };
  const summary = file('summary.md');
  const runner = {
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
    RUNNER_TEMP: join(temp, 'temp'),
    ...env,
  };
  mkdirSync(runner.RUNNER_TEMP);
  const stepOutputs: Record<string, Record<string, string>> = {};
  const fill = (text: string): string =>
    text.replace(/\$\{\{\s*([^}]+?)\s*\}\}/g, (_, expression: string) => {
      const [root, ...path] = expression.split('.');
      if (root === 'inputs') return inputs[path[0]!] ?? fill(definition.inputs[path[0]!]!.default ?? '');
      if (expression === 'github.token') return token;
      if (expression === 'github.action_path') return action;
      if (expression.startsWith('github.event.')) {
        const found = path.slice(1).reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
        return found === undefined ? '' : String(found);
      }
      if (root === 'steps') return stepOutputs[path[0]!]?.[path[2]!] ?? '';
      throw new Error(`unknown expression ${expression}`);
    });
  const written = { stdout: '', stderr: '' };
  let exitCode = 0;
  for (const [i, step] of definition.runs.steps.entries()) {
    if (step.run.includes('${{')) throw new Error('an expression is part of a script');
    const output = file(`output-${i}`);
    const stepEnv = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]));
    const script = file(`step-${i}.sh`, step.run);
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: join(workspace, fill(step['working-directory'] ?? '.')),
      env: { PATH: process.env['PATH'], HOME: temp, ...runner, GITHUB_OUTPUT: output, ...stepEnv },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
    const status = await new Promise<number>((done) => child.once('close', (code) => done(code ?? 1)));
    if (step.id !== undefined) {
      const lines = readFileSync(output, 'utf8')
        .split('\n')
        .filter((line) => line.includes('='));
      stepOutputs[step.id] = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    }
    exitCode = status;
    if (exitCode !== 0) break;
  }
  const outputs = Object.fromEntries(Object.entries(definition.outputs).map(([name, { value }]) => [name, fill(value)]));
  return { exitCode, ...written, outputs, summary: readFileSync(summary, 'utf8') };
}
