import { RpmDepsError } from 'rpm-deps';
import { sha256 } from '../sha256.ts';
import { startThread } from '../start-thread.ts';
import { type DrawnGraph, MAX_NODES } from './drawing-graph.ts';
import { Html } from './html.ts';

const MAX_EDGES = 3000;
const DEADLINE_MS = 15_000;
const MAX_AT_ONCE = 2;
const KEPT = 200;

const kept = new Map<string, Promise<Html>>();
let running = 0;

/** An SVG for a page, cached by graph. Throws LIMIT for a graph that is too large or takes too long. */
export function draw(graph: DrawnGraph, label: string): Promise<Html> {
  const key = sha256(JSON.stringify([graph, label]), 'base64url');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const drawing = drawNow(graph, label);
  kept.set(key, drawing);
  drawing.catch(() => kept.delete(key));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return drawing;
}

async function drawNow(graph: DrawnGraph, label: string): Promise<Html> {
  if (graph.nodes.length > MAX_NODES || graph.edges.length > MAX_EDGES) {
    throw new RpmDepsError('LIMIT', `${graph.nodes.length} packages are too many for a drawing`, {
      hint: 'look at the chains to one package instead',
    });
  }
  if (running >= MAX_AT_ONCE)
    throw new RpmDepsError('TOO_MANY', 'too many other drawings are being made', {
      hint: 'load the page again in some seconds',
      data: { retryAfterMs: 3000 },
    });
  running++;
  const worker = startThread('drawing-thread', { workerData: graph, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  let timer: NodeJS.Timeout | undefined;
  try {
    const svg = await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      timer = setTimeout(
        () => reject(new RpmDepsError('LIMIT', 'drawing takes too long', { hint: 'look at the chains to one package instead' })),
        DEADLINE_MS,
      );
    });
    return forPage(svg, label);
  } finally {
    clearTimeout(timer);
    running--;
    await worker.terminate();
  }
}

/** Graphviz escapes texts. Colours are set by the style sheet, so that dark mode works; the drawing keeps its natural size and scrolls. */
function forPage(svg: string, label: string): Html {
  const from = svg.indexOf('<svg');
  const size = /<svg width="(\d+)pt" height="(\d+)pt"/.exec(svg);
  const [width, height] = [Number(size?.[1] ?? 300), Number(size?.[2] ?? 100)].map((points) => Math.ceil((points * 4) / 3)) as [
    number,
    number,
  ];
  const inner = svg
    .slice(from)
    .replace(
      /<svg [^>]*?viewBox="([^"]*)"[^>]*>/s,
      (_, box: string) =>
        `<svg class="drawing" role="img" aria-label="${escaped(label)}" width="${width}" height="${height}" viewBox="${box}">`,
    )
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<title>[\s\S]*?<\/title>/g, '')
    .replace(/ (?:fill|stroke)="(?!none)[^"]*"/g, '')
    .replace(/ id="[^"]*"/g, '');
  return new Html(inner);
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
