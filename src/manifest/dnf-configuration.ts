/** What a Containerfile writes into dnf's own configuration (dnf.conf(5), options of `[main]`), as far as it changes which packages are installed. */

import { splitList } from '../base/split-list.ts';
import { parseFlag, readSections } from './repo-file.ts';

export interface DnfConfiguration {
  readonly weakDependencies?: boolean;
  readonly best?: boolean;
  readonly exclude?: readonly string[];
  /** Settings that are not followed. */
  readonly others?: readonly string[];
}

export const DNF_CONFIGURATIONS: readonly string[] = ['/etc/dnf/dnf.conf', '/etc/yum.conf', '/etc/yum/yum.conf'];

/** Settings of `--setopt`, also for one repository, and of dnf.conf that change the answer and are not followed. */
export const OTHER_SETTINGS =
  /^(?:(?:.*\.)(?:excludepkgs|module_hotfixes|priority|cost)|(?:.*\.)?includepkgs|obsoletes|multilib_policy|arch|basearch|ignorearch|exclude_from_weak(?:_autodetect)?|allow_vendor_change|module_(?:platform_id|stream_switch|obsoletes)|installonlypkgs|protected_packages)$/;

/** What they are without being set, or what changes no answer of this program. */
const HARMLESS =
  /^(?:(?:obsoletes|allow_vendor_change|exclude_from_weak_autodetect)=(?:1|yes|true|on)|multilib_policy=best|module_\w+=.*|protected_packages=.*)$/i;

/** A configuration file that replaces the one before. */
export function readConfiguration(text: string): DnfConfiguration {
  const main = readSections(text).sections.filter(({ id }) => id === 'main');
  return main
    .flatMap(({ options }) => [...options])
    .map(([key, { value }]) => ({ key, value }))
    .reduce(withSetting, {});
}

/** What a script writes into the configuration, or has `dnf config-manager` write, on top of what there was. */
export function configuredByScript(script: string, before: DnfConfiguration): DnfConfiguration {
  if (!/\/etc\/(?:dnf\/dnf|yum(?:\/yum)?)\.conf\b|\bconfig-manager\b.*(?:--save\b|\bsetopt\b)/s.test(script)) return before;
  const text = script.replaceAll('\\n', '\n');
  return [...text.matchAll(SWITCH), ...text.matchAll(LIST)]
    .map(([, key = '', value = '']) => ({ key, value: value.trim() }))
    .filter(({ value }) => value !== '' && !value.includes('.*'))
    .reduce(withSetting, before);
}

const SWITCH = /(?<![\w.-])(install_weak_deps|best)\s*=\s*(\w+)/g;
/** Names and globs up to whatever is none, such as the next setting. */
const LIST = /(?<![\w.-])(exclude(?:pkgs)?)\s*=[ ]*((?:[\w+*?[\]:~^.-]+(?![\w+*?[\]:~^.=-])[, ]*)*)/g;

function withSetting(found: DnfConfiguration, { key, value }: { readonly key: string; readonly value: string }): DnfConfiguration {
  const flag = parseFlag(value);
  if (key === 'install_weak_deps' || key === 'best')
    return flag === undefined ? found : { ...found, [key === 'best' ? key : 'weakDependencies']: flag };
  // A list that is set again is longer; an empty one clears it.
  if (key === 'exclude' || key === 'excludepkgs')
    return { ...found, exclude: value === '' ? [] : [...(found.exclude ?? []), ...splitList(value)] };
  if (!OTHER_SETTINGS.test(key) || HARMLESS.test(`${key}=${value}`)) return found;
  return { ...found, others: [...(found.others ?? []), key] };
}
