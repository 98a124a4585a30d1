/**
 * What is found out about packages once they are all there: who provides what, which names and paths there are, and where strings and
 * relations are by hash. Lists are laid out as prefix sums: count, add up, put in place.
 */
import * as history from './history';
import { rank } from './host';
import { IntList, zeroList, zeros } from './memory';
import * as packages from './packages';
import * as relations from './relations';
import * as scanner from './scanner';
import * as strings from './strings';

const SLASH: i32 = 0x2f;
/** The least of the flags that relations between relations have, as `REL.AND` in src/pool/ids.ts. */
const AND: i32 = 16;

/** Ids by hash, open addressing, a power of two; 0 where there is none. */
export let stringSlots = new IntList(0);
export let relationSlots = new IntList(0);
/** A byte for each row. */
export let ranks: usize = 0;
/** Providers by name: where those of each begin, who they are, and by which dependency: 0 where several of them have the name. */
export let providerStarts = new IntList(0);
export let providers = new IntList(0);
export let providerDeps = new IntList(0);
export let nameStarts = new IntList(0);
/** Rows by name. */
export let rowsByName = new IntList(0);
/** Paths that some dependency names. */
export const wantedPaths = new IntList(16);

/** To be called once, when all documents are read. */
export function index(): void {
  // What is made now goes where what was needed for reading has been.
  scanner.free();
  history.free();
  packages.freeSeen();
  const count = strings.count();
  rankRows(count);
  const wanted = findWantedPaths(count);
  indexProviders(count, wanted);
  heap.free(wanted);
  indexNames(count);
  stringSlots = strings.finalSlots();
  relationSlots = relations.finalSlots();
}

function rankRows(count: i32): void {
  const rows = packages.arch.length;
  ranks = zeros(rows + 8);
  const known = zeros(count);
  for (let row = 1; row < rows; row++) {
    const id = packages.arch.get(row);
    let value = <i32>load<u8>(known + id);
    if (value === 0) {
      value = 1 + rank(strings.bytes.items + strings.starts.get(id), strings.bytes.items + strings.starts.get(id + 1));
      store<u8>(known + id, <u8>value);
    }
    store<u8>(ranks + row, <u8>(value - 1));
  }
  heap.free(known);
}

/** Wherever in a rich dependency: a byte of 1 for each such string. */
function findWantedPaths(count: i32): usize {
  const isPath = zeros(count);
  for (let id = 1; id < count; id++) {
    const start = strings.starts.get(id);
    const isEmpty = start === strings.starts.get(id + 1);
    if (!isEmpty && load<u8>(strings.bytes.items + start) === SLASH) store<u8>(isPath + id, 1);
  }
  const wanted = zeros(count);
  // All kinds but the first, what is provided.
  for (let kind = 1; kind < packages.KINDS; kind++) {
    const list = packages.listOf(kind);
    for (let i = 0; i < list.length; i++) want(list.get(i), isPath, wanted);
  }
  for (let i = 1; i < relations.names.length; i++) {
    want(relations.names.get(i), isPath, wanted);
    if (<i32>load<u8>(relations.flags.items + i) >= AND) want(relations.evrs.get(i), isPath, wanted);
  }
  for (let id = 1; id < count; id++) if (load<u8>(wanted + id) === 1) wantedPaths.push(id);
  heap.free(isPath);
  return wanted;
}

function want(id: i32, isPath: usize, wanted: usize): void {
  if (id > 0 && load<u8>(isPath + id) === 1) store<u8>(wanted + id, 1);
}

/** In two passes: count the providers of each name, then put them in their place. No list per name is ever made. */
function indexProviders(count: i32, wanted: usize): void {
  const roots = rootNames();
  const rows = packages.name.length;
  const provideStarts = packages.startsOf(packages.PROVIDES);
  const provides = packages.listOf(packages.PROVIDES);
  const starts = zeroList(count + 1);
  // Who provided a name last: each counts once.
  const last = zeroList(count);
  for (let row = 1; row < rows; row++) {
    if (load<u8>(ranks + row) === 0) continue;
    for (let i = provideStarts.get(row), to = provideStarts.get(row + 1); i < to; i++) {
      const dep = provides.get(i);
      countOnce(dep < 0 ? roots.get(-dep) : dep, row, last, starts);
    }
    for (let i = packages.fileStarts.get(row), to = packages.fileStarts.get(row + 1); i < to; i++) {
      const path = packages.files.get(i);
      if (load<u8>(wanted + path) === 1) countOnce(path, row, last, starts);
    }
  }
  const next = last;
  addUp(starts, next);
  providers = zeroList(starts.get(count));
  providerDeps = zeroList(starts.get(count));
  for (let row = 1; row < rows; row++) {
    if (load<u8>(ranks + row) === 0) continue;
    for (let i = provideStarts.get(row), to = provideStarts.get(row + 1); i < to; i++) {
      const dep = provides.get(i);
      const name = dep < 0 ? roots.get(-dep) : dep;
      const at = next.get(name);
      if (at > starts.get(name) && providers.get(at - 1) === row) {
        providerDeps.set(at - 1, 0);
        continue;
      }
      providers.set(at, row);
      providerDeps.set(at, dep);
      next.set(name, at + 1);
    }
    for (let i = packages.fileStarts.get(row), to = packages.fileStarts.get(row + 1); i < to; i++) {
      const path = packages.files.get(i);
      if (load<u8>(wanted + path) === 0) continue;
      const at = next.get(path);
      if (at > starts.get(path) && providers.get(at - 1) === row) continue;
      providers.set(at, row);
      providerDeps.set(at, path);
      next.set(path, at + 1);
    }
  }
  providerStarts = starts;
  next.free();
  roots.free();
}

function countOnce(name: i32, row: i32, last: IntList, starts: IntList): void {
  if (last.get(name) === row) return;
  last.set(name, row);
  starts.set(name + 1, starts.get(name + 1) + 1);
}

/** Counts, each behind its own place, become places; `next` gets a copy of all but the last. */
function addUp(starts: IntList, next: IntList): void {
  for (let i = 0; i < next.length; i++) {
    next.set(i, starts.get(i));
    starts.set(i + 1, starts.get(i + 1) + starts.get(i));
  }
}

/** The string at the left end of each relation. A relation comes after those it is made of. */
function rootNames(): IntList {
  const roots = zeroList(relations.names.length);
  for (let i = 1; i < roots.length; i++) {
    const name = relations.names.get(i);
    roots.set(i, name < 0 ? roots.get(-name) : name);
  }
  return roots;
}

function indexNames(count: i32): void {
  const rows = packages.name.length;
  nameStarts = zeroList(count + 1);
  for (let row = 1; row < rows; row++) {
    const name = packages.name.get(row);
    nameStarts.set(name + 1, nameStarts.get(name + 1) + 1);
  }
  const next = zeroList(count);
  addUp(nameStarts, next);
  rowsByName = zeroList(rows - 1);
  for (let row = 1; row < rows; row++) {
    const name = packages.name.get(row);
    const at = next.get(name);
    rowsByName.set(at, row);
    next.set(name, at + 1);
  }
  next.free();
}
