import { plural, sizeText } from '../../base/quantity.ts';
import { cacheClean, cacheInfo } from '../../commands/cache.ts';
import { renderTable } from '../../views/table.ts';
import type { Invocation } from '../command.ts';

export async function cacheInfoAction({ context, printer }: Invocation): Promise<number> {
  const info = await cacheInfo(context);
  if (printer.json) printer.outJson(info);
  else {
    const rows = info.folders.map(({ name, files, bytes }) => [name, String(files), sizeText(bytes)]);
    const columns = [{ title: 'folder' }, { title: 'files', align: 'right' }, { title: 'size', align: 'right' }] as const;
    printer.out(
      `${info.directory}\n${renderTable(columns, [...rows, ['all', String(info.files), sizeText(info.bytes)]], { indent: '  ' })}`,
    );
  }
  return 0;
}

export async function cacheCleanAction({ options, context, printer }: Invocation): Promise<number> {
  const cleaned = await cacheClean({ maxSize: options.text('max-size'), rpms: options.flag('rpms') }, context);
  if (printer.json) printer.outJson(cleaned);
  else printer.say(`removed ${plural(cleaned.removed, 'file')}, ${sizeText(cleaned.bytes)}, from ${cleaned.directory}`);
  return 0;
}
