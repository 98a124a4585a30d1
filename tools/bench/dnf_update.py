#!/usr/bin/python3
"""What `rpm-deps update` does, done by dnf: solves every set of a manifest for some architectures, in one process.
usage: dnf_update.py CACHE MIRROR REPO,REPO SETS_PREFIX ARCH...   SETS_PREFIX-ARCH.json holds {"set": ["spec", ...]}. Prints the number of packages."""
import json
import sys
import tempfile

import dnf

cache, mirror, repos, prefix, *architectures = sys.argv[1:]
packages = 0
for arch in architectures:
    root = tempfile.TemporaryDirectory(prefix='rpm-deps-dnf-')
    base = dnf.Base()
    conf = base.conf
    conf.installroot = conf.logdir = conf.persistdir = root.name
    conf.cachedir = f'{cache}/{arch}'
    conf.reposdir, conf.pluginpath, conf.plugins = [], [], False
    conf.install_weak_deps, conf.best, conf.gpgcheck, conf.ignorearch = False, False, False, True
    conf.module_platform_id = 'platform:el9'
    conf.substitutions.update(arch=arch, basearch=arch, releasever='9')
    for name in repos.split(','):
        base.repos.add_new_repo(name, conf, baseurl=[f'file://{mirror}/9-stream/{name}/{arch}/os/'])
    base.fill_sack(load_system_repo=False)
    with open(f'{prefix}-{arch}.json', encoding='utf-8') as sets:
        for specs in json.load(sets).values():
            base.reset(goal=True)
            for spec in specs:
                base.install(spec)
            base.resolve()
            packages += len(base.transaction.install_set)
print(packages)
