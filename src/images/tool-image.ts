/**
 * The image that installs RPMs, made from this machine's rpm. It is loaded and not built, because only an archive can set the host name that
 * `uname -n` prints in the steps of a build; otherwise podman makes up another one each time.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../io/make-folders.ts';
import { buildMachine } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { listHostTool } from './host-tool.ts';
import { scriptCommand, shellCommand } from './shell-quote.ts';

/** Name of the image on this machine. */
export const HOST_TOOL_IMAGE = 'localhost/rpm-deps-tool:latest';

const FOLDERS = ['bin', 'dev', 'etc', 'proc', 'tmp', 'usr/bin'];
const [CONFIG, LAYER, MANIFEST] = ['config.json', 'layer.tar', 'manifest.json'];
const EXECUTABLE = 0o755;

/** Creates the image of `programs` and their libraries; a dry run adds the corresponding lines to the script. */
export async function loadToolImage(programs: readonly string[], session: ContainerSession): Promise<void> {
  const { engine, scratch, services } = session;
  const { files } = await listHostTool(programs, services.run);
  const archive = join(scratch, 'tool.tar');
  if (engine.dryRun) engine.addToScript(...archiveScript(files, archive, session));
  else await writeArchive(files, archive, session);
  await engine.perform(['load', `--input=${archive}`], { what: "make an image of this machine's rpm" });
}

/** Writes an archive like `docker save`: the same bytes for the same files. */
async function writeArchive(files: ReadonlyMap<string, string>, archive: string, { scratch, services }: ContainerSession): Promise<void> {
  const { packTar } = await import('modern-tar/fs');
  const folder = join(scratch, 'tool');
  const empty = join(scratch, 'empty');
  makeFolders(folder);
  makeFolders(empty);
  const plain = { mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '', mode: EXECUTABLE };
  const layer = join(folder, LAYER);
  const content = [
    ...FOLDERS.map((target) => ({ type: 'directory' as const, source: empty, target, ...plain })),
    ...[...files].map(([path, source]) => ({ type: 'file' as const, source, target: path.slice(1), ...plain })),
  ];
  await pipeline(packTar(content, { dereference: true, baseDir: '/' }), createWriteStream(layer));
  const hash = createHash('sha256');
  await pipeline(createReadStream(layer), hash);
  await writeFile(join(folder, CONFIG), configOf(hash.digest('hex'), services));
  await writeFile(join(folder, MANIFEST), manifest());
  const parts = [MANIFEST, CONFIG, LAYER].map((name) => ({ type: 'file' as const, source: join(folder, name), target: name, ...plain }));
  await pipeline(packTar(parts), createWriteStream(archive));
}

/** Shell lines that write the same archive. */
function archiveScript(files: ReadonlyMap<string, string>, archive: string, { scratch, services }: ContainerSession): readonly string[] {
  const root = scriptCommand([join(scratch, 'root')], scratch);
  const folder = scriptCommand([join(scratch, 'tool')], scratch);
  const own = [...files].filter(([path, source]) => path === source).map(([path]) => path);
  const others = [...files].filter(([path, source]) => path !== source);
  return [
    `mkdir -p ${folder} ${FOLDERS.map((name) => `${root}/${name}`).join(' ')}`,
    `cp -L --parents ${shellCommand(own)} ${root}`,
    ...others.map(([path, source]) => `cp -L ${shellCommand([source])} ${root}${path}`),
    `tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C ${root} -cf ${folder}/${LAYER} .`,
    `layer=$(sha256sum ${folder}/${LAYER}); layer=\${layer%% *}`,
    `echo ${shellCommand([configOf('LAYER', services)]).replace('LAYER', `'"$layer"'`)} >${folder}/${CONFIG}`,
    `echo ${shellCommand([manifest()])} >${folder}/${MANIFEST}`,
    `tar -C ${folder} -cf ${scriptCommand([archive], scratch)} ${MANIFEST} ${CONFIG} ${LAYER}`,
  ];
}

function configOf(layerDigest: string, services: ContainerSession['services']): string {
  return JSON.stringify({
    architecture: buildMachine(services).container,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Hostname: 'localhost', Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
  });
}

function manifest(): string {
  return JSON.stringify([{ Config: CONFIG, RepoTags: [HOST_TOOL_IMAGE], Layers: [LAYER] }]);
}
