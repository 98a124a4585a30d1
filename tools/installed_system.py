"""An rpm database of packages that were never installed: headers made of metadata, imported by rpm itself."""
import os
import re
import struct
import subprocess

INT32, STRING, STRINGS, I18N, INT16, BIN = 4, 6, 8, 9, 3, 7
SENSES = {'<': 2, '>': 4, '=': 8, '<=': 10, '>=': 12}
# name, flags and version of each kind of relation (rpmtag.h).
RELATIONS = {
    'provides': (1047, 1112, 1113), 'requires': (1049, 1048, 1050), 'conflicts': (1054, 1053, 1055), 'obsoletes': (1090, 1114, 1115),
    'recommends': (5046, 5048, 5047), 'suggests': (5049, 5051, 5050), 'supplements': (5052, 5054, 5053), 'enhances': (5055, 5057, 5056),
}


def relation(text):
    if text.startswith('('):
        return text, 0, ''
    name, *rest = re.split(r'\s+(<=|>=|<|>|=)\s+', text, maxsplit=1)
    return (name, SENSES[rest[0]], rest[1]) if rest else (name, 0, '')


def header(package):
    """One header with its region, as `rpmdb --importdb` reads it."""
    entries = []

    def add(tag, kind, values):
        if values:
            entries.append((tag, kind, values))

    add(1000, STRING, [package.name])
    add(1001, STRING, [package.version])
    add(1002, STRING, [package.release])
    if package.epoch:
        add(1003, INT32, [package.epoch])
    add(1004, I18N, ['s'])
    add(1005, I18N, ['d'])
    add(1006, INT32, [package.buildtime or 1])
    add(1009, INT32, [1])
    add(1011, STRING, [package.vendor] if package.vendor not in (None, '', '<NULL>') else [])
    add(1014, STRING, ['l'])
    add(1016, I18N, ['g'])
    add(1021, STRING, ['linux'])
    add(1022, STRING, [package.arch])
    add(1044, STRING, [package.sourcerpm or f'{package.name}-{package.version}-{package.release}.src.rpm'])
    for kind, (names, flags, versions) in RELATIONS.items():
        found = [relation(str(entry)) for entry in getattr(package, kind)]
        add(names, STRINGS, [name for name, _, _ in found])
        add(flags, INT32, [flag for _, flag, _ in found])
        add(versions, STRINGS, [version for _, _, version in found])
    files = sorted(path for path in package.files if path.startswith('/') and path != '/')
    folders = sorted({os.path.dirname(path).rstrip('/') + '/' for path in files})
    places = {folder: index for index, folder in enumerate(folders)}
    add(1028, INT32, [0] * len(files))
    add(1030, INT16, [0o100644] * len(files))
    add(1116, INT32, [places[os.path.dirname(path).rstrip('/') + '/'] for path in files])
    add(1117, STRINGS, [os.path.basename(path) for path in files])
    add(1118, STRINGS, folders)
    return pack(sorted(entries))


def pack(entries):
    index, store = b'', b''
    for tag, kind, values in entries:
        width = {INT32: 4, INT16: 2}.get(kind, 1)
        store += b'\0' * (-len(store) % width)
        index += struct.pack('>iiii', tag, kind, len(store), len(values))
        if kind == INT32:
            store += struct.pack(f'>{len(values)}I', *values)
        elif kind == INT16:
            store += struct.pack(f'>{len(values)}H', *values)
        else:
            store += b''.join(value.encode() + b'\0' for value in values)
    count = len(entries) + 1
    region = struct.pack('>iiii', 63, BIN, len(store), 16)
    store += struct.pack('>iiii', 63, BIN, -16 * count, 16)
    return b'\x8e\xad\xe8\x01\0\0\0\0' + struct.pack('>ii', count, len(store)) + region + index + store


def install(packages, root):
    """Makes an rpm database below root that says that hawkey packages are installed."""
    subprocess.run(['rpmdb', '--root', root, '--initdb'], check=True)
    subprocess.run(['rpmdb', '--root', root, '--importdb'], input=b''.join(map(header, packages)), check=True)


def each(specs, every, one):
    if specs == 'all':
        every()
    else:
        for spec in specs or []:
            one(spec)


def change_installed(base, request):
    """Tells a dnf.Base what is to become of installed packages: `remove`, `reinstall`, and `upgrade` and `distro_sync`, which may be "all"."""
    for spec in request.get('remove', []):
        base.remove(spec)
    for spec in request.get('reinstall', []):
        base.reinstall(spec)
    each(request.get('upgrade'), base.upgrade_all, base.upgrade)
    each(request.get('distro_sync'), base.distro_sync, base.distro_sync)
