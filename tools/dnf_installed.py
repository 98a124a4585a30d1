#!/usr/bin/python3
"""dnf as the reference resolver on installed systems. usage: dnf_installed.py CACHE ARCH OPTIONS REPO=DIR...  < {"bases": [{"installed": ["nevra"], "requests": [{...}]}]}
OPTIONS is JSON: {"weak": bool, "best": bool, "exclude": ["glob", ...], "use": ["repository", ...]}: the other repositories only say what installed
packages are. A request has `install`, `upgrade`, `distro_sync` (specs, or "all"), `reinstall`,
`remove` and `allow_erasing`. Prints for each request the sorted packages that dnf would install and those that it would erase, or {"error": text}."""
import json
import sys
import tempfile

import dnf
import dnf.exceptions
import hawkey
from installed_system import change_installed, install

cache, arch, options, *repos = sys.argv[1:]
options = json.loads(options)


def open_base(root, with_system):
    base = dnf.Base()
    conf = base.conf
    conf.installroot = conf.logdir = conf.persistdir = root
    conf.cachedir = cache
    conf.reposdir, conf.pluginpath, conf.plugins = [], [], False
    conf.install_weak_deps, conf.best = options['weak'], options['best']
    conf.excludepkgs = options['exclude']
    conf.gpgcheck, conf.ignorearch, conf.metadata_expire = False, True, -1
    conf.clean_requirements_on_remove = False
    conf.protected_packages = []
    conf.module_platform_id = 'platform:el9'
    conf.substitutions.update(arch=arch, basearch=arch, releasever='9')
    conf.optional_metadata_types = ['filelists']
    for repo in repos:
        name, directory = repo.split('=', 1)
        if with_system and name not in options['use']:
            continue
        base.repos.add_new_repo(name, conf, baseurl=['file://' + directory])
    base.fill_sack(load_system_repo=with_system)
    return base


def nevra(p):
    return f'{p.name}-{p.epoch}:{p.version}-{p.release}.{p.arch}'


def answer(base, request):
    base.reset(goal=True)
    try:
        change_installed(base, request)
        for spec in request.get('install', []):
            base.install(spec)
        base.resolve(allow_erasing=request.get('allow_erasing', False))
    except dnf.exceptions.Error as error:
        return {'error': str(error)}
    gone = set(map(nevra, base.transaction.remove_set))
    come = sorted(map(nevra, base.transaction.install_set))
    return {'install': come, 'gone': sorted(gone)}


def main():
    scratch = tempfile.TemporaryDirectory(prefix='rpm-deps-dnf-')
    everything = open_base(scratch.name, False)
    known = {}
    for p in everything.sack.query(flags=hawkey.IGNORE_EXCLUDES):
        known.setdefault(nevra(p), p)
    answers = []
    for base in json.load(sys.stdin)['bases']:
        with tempfile.TemporaryDirectory(prefix='rpm-deps-dnf-') as root:
            install([known[name] for name in base['installed']], root)
            opened = open_base(root, True)
            there = sorted(map(nevra, opened.sack.query(flags=hawkey.IGNORE_EXCLUDES).installed()))
            assert there == sorted(base['installed']), (there, base['installed'])
            answers.append([answer(opened, request) for request in base['requests']])
            opened.close()
    json.dump(answers, sys.stdout)


main()
